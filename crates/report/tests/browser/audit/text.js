// Where text stands: a box for every line of every visible piece of text, as far as ink may reach.
"use strict";

// How far letters leave the ends of a line box free: accents above, less below descenders.
const FREE_ABOVE = 0.14;
const FREE_BELOW = 0.03;
// Rounding of the layout, in pixels.
const SLACK = 1.5;

// [{ element, text, ink, shown, scroller, cut, px, bold }]: `shown` is the ink that is not clipped away,
// `scroller` the box that it can be scrolled into view in, `cut` the element that cuts it off for good.
function textBoxes(win, doc, print) {
  const boxes = [];
  const walker = doc.createTreeWalker(doc.body, win.NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || !visible(win, element)) continue;
    const style = win.getComputedStyle(element);
    const turned = element.namespaceURI.endsWith("svg") ? element.getScreenCTM?.() : null;
    const scale = turned ? Math.hypot(turned.a, turned.b) : 1;
    const upright = !turned || Math.abs(turned.a) >= Math.abs(turned.b);
    const range = doc.createRange();
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      if (line.width < 1 || line.height < 1) continue;
      const ink = upright ? trimmed(line) : edges(line);
      boxes.push({
        element, text: node.data, ink, px: parseFloat(style.fontSize) * scale,
        bold: Number(style.fontWeight) >= 700, ...clipped(win, element, ink, print),
      });
    }
  }
  return boxes;
}

function edges({ left, top, right, bottom }) {
  return { left, top, right, bottom };
}

function trimmed(line) {
  const box = edges(line);
  box.top += FREE_ABOVE * line.height;
  box.bottom -= FREE_BELOW * line.height;
  return box;
}

function visible(win, element) {
  if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
  // For screen readers alone: a clipped pixel.
  for (let at = element; at; at = at.parentElement) {
    const style = win.getComputedStyle(at);
    if (style.position === "absolute" && style.overflowX !== "visible"
      && at.clientWidth <= 1 && at.clientHeight <= 1) return false;
  }
  return true;
}

function clipped(win, element, ink, print) {
  let shown = ink;
  let scroller = null;
  for (let at = element; at && at !== at.ownerDocument.body; at = at.parentElement) {
    const style = win.getComputedStyle(at);
    if (style.overflowX === "visible" && style.overflowY === "visible") continue;
    if (style.display === "inline" && !element.closest("svg")?.contains(at)) continue;
    const frame = inside(at);
    const leads = !print && leadsOn(at, style);
    if (leads) scroller ??= at;
    // Nothing scrolls back beyond the beginning.
    const outX = shown.left < frame.left - SLACK
      || (!(leads && scrolls(style.overflowX)) && shown.right > frame.right + SLACK);
    const outY = shown.top < frame.top - SLACK
      || (!(leads && scrolls(style.overflowY)) && shown.bottom > frame.bottom + SLACK);
    if ((outX && style.overflowX !== "visible") || (outY && style.overflowY !== "visible")) {
      return { shown: null, scroller, cut: at };
    }
    shown = intersection(shown, frame);
    if (!shown) break;
  }
  return { shown, scroller, cut: null };
}

// A box that says that it scrolls: keys reach it, and it has a name.
function leadsOn(element, style) {
  return (scrolls(style.overflowX) || scrolls(style.overflowY)) && element.tabIndex >= 0
    && ["region", "group"].includes(element.getAttribute("role") ?? "") && nameOf(element) !== "";
}

function scrolls(overflow) {
  return overflow === "auto" || overflow === "scroll";
}

// The padding box, which is where content is clipped.
function inside(element) {
  const box = edges(element.getBoundingClientRect());
  if (element.namespaceURI.endsWith("svg")) return box;
  box.left += element.clientLeft;
  box.top += element.clientTop;
  return { ...box, right: box.left + element.clientWidth, bottom: box.top + element.clientHeight };
}

function intersection(a, b) {
  const both = {
    left: Math.max(a.left, b.left), top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom),
  };
  return both.right > both.left && both.bottom > both.top ? both : null;
}

function said(box) {
  return `[${[box.left, box.top, box.right, box.bottom].map(Math.round).join(" ")}]`;
}
