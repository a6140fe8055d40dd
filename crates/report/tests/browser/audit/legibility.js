// What a reader could not read: text over text, text cut off, text too small or too faint.
"use strict";

// Below this nobody reads, in CSS pixels, of which 96 make an inch on paper.
const SMALLEST = 9;
const SMALLEST_ON_PAPER = 8;
// The share of a scrolling box that a column which stays may take.
const STAYING = 0.6;

function legibility(win, doc, view, find) {
  const boxes = textBoxes(win, doc, view.print);
  if (boxes.length === 0) find("empty", doc.body, "", "there is no visible text");
  const contrast = contrastIn(win, doc);
  const smallest = view.print ? SMALLEST_ON_PAPER : SMALLEST;
  for (const box of boxes) {
    cutOff(win, box, find);
    const px = box.px * (view.shrunk ?? 1);
    if (px < smallest) find("small", box.element, box.text, `${px.toFixed(1)} px`);
    contrast(box, find);
  }
  overlaps(boxes, find);
  for (const element of doc.body.querySelectorAll("*")) {
    ellipsis(win, element, find);
    staying(win, element, view, find);
  }
  const wide = doc.documentElement.scrollWidth;
  if (wide > win.innerWidth) {
    find("cut-off", doc.documentElement, "", `the page is ${wide} px wide in a window of ${win.innerWidth} px`);
  }
}

function cutOff(win, { element, text, ink, shown, cut }, find) {
  if (cut) {
    find("cut-off", element, text, `${said(ink)} leaves ${path(cut)} ${said(inside(cut))}`);
  } else if (shown && (shown.left < -SLACK || shown.top < -SLACK || shown.right > win.innerWidth + SLACK)) {
    find("cut-off", element, text, `${said(ink)} leaves the page, ${win.innerWidth} px wide`);
  }
}

// Text that an ellipsis stands for has no box of its own to measure.
function ellipsis(win, element, find) {
  if (element.scrollWidth <= element.clientWidth + 1 || !visible(win, element)) return;
  const style = win.getComputedStyle(element);
  if (style.textOverflow !== "clip" && ["hidden", "clip"].includes(style.overflowX) && element.innerText?.trim()) {
    find("cut-off", element, element.innerText, `${element.scrollWidth} px of text in ${element.clientWidth} px`);
  }
}

// A column that stays in place while its table scrolls has to leave room for the others.
function staying(win, element, view, find) {
  if (view.print || win.getComputedStyle(element).position !== "sticky") return;
  const box = element.closest("[role=region], [role=group]");
  if (!box || box.scrollWidth <= box.clientWidth + 1) return;
  const width = element.getBoundingClientRect().width;
  if (width > STAYING * box.clientWidth) {
    find("sticky", element, element.textContent, `takes ${Math.round(width)} of ${box.clientWidth} px of ${path(box)}`);
  }
}

function overlaps(boxes, find) {
  const sorted = boxes.filter((box) => !box.cut).sort((a, b) => a.ink.top - b.ink.top);
  sorted.forEach((a, at) => {
    for (let next = at + 1; next < sorted.length && sorted[next].ink.top < a.ink.bottom - SLACK; next++) {
      const b = sorted[next];
      // Within one box that scrolls, what is out of sight now comes into sight together.
      const both = a.scroller === b.scroller ? intersection(a.ink, b.ink)
        : a.shown && b.shown && intersection(a.shown, b.shown);
      if (both && both.right - both.left > SLACK && both.bottom - both.top > SLACK) {
        const other = `${path(b.element)} ‘${b.text.trim().slice(0, 40)}’ ${said(b.ink)}`;
        find("overlap", a.element, a.text, `${said(a.ink)} and ${other}`);
      }
    }
  });
}
