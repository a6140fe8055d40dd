// Lays every page out in frames, has each audited, and leaves the findings as JSON in their place.
//
// A frame's width is what its media queries see, and its `color-scheme` is the reader's preference. A page
// in `srcdoc` has the origin of this one, so its document can be read.
"use strict";

// [{ name, html, views: [{ name, width, height, scheme, print }] }]
const pages = JSON.parse(document.getElementById("pages").textContent);

const frames = pages.flatMap((page) => page.views.map((view) => ({ page, view, frame: open(page, view) })));

// Comes after the load of all frames, of their images and of what failed to load.
addEventListener("load", () => {
  const findings = frames.flatMap(({ page, view, frame }) =>
    audit(frame, view).map((finding) => ({ page: page.name, view: view.name, ...finding })));
  const json = JSON.stringify({ frames: frames.length, findings });
  const plain = json.replace(/[<>&\u0080-\uffff]/g,
    (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));
  document.body.textContent = `findings:${plain}:findings`;
});

function open(page, view) {
  const frame = document.createElement("iframe");
  const size = `width: ${view.width}px; height: ${view.height}px`;
  frame.style.cssText = `border: 0; display: block; color-scheme: ${view.scheme}; ${size}`;
  frame.srcdoc = page.html;
  document.body.append(frame);
  return frame;
}

function audit(frame, view) {
  const win = frame.contentWindow;
  const doc = frame.contentDocument;
  const findings = [];
  const find = (kind, element, text, detail) =>
    findings.push({ kind, where: path(element), text: text.replace(/\s+/g, " ").trim().slice(0, 70), detail });
  if (view.print) layOnPaper(frame, view, doc);
  structure(doc, find);
  requests(win, doc, find);
  legibility(win, doc, view, find);
  const closed = doc.querySelectorAll("details:not([open])");
  if (closed.length > 0 && !view.print) {
    closed.forEach((details) => { details.open = true; });
    legibility(win, doc, view, (kind, element, text, detail) => find(kind, element, text, `${detail} (opened)`));
  }
  return findings;
}

// A short way to an element: up to four steps, from the nearest id on.
function path(element) {
  const steps = [];
  for (let at = element; at && at.nodeType === 1 && steps.length < 4; at = at.parentElement) {
    const name = at.localName + [...at.classList].map((part) => "." + part).join("");
    if (at.id) {
      steps.unshift(`${name}#${at.id}`);
      break;
    }
    const alike = at.parentElement ? [...at.parentElement.children].filter((e) => e.localName === at.localName) : [];
    steps.unshift(alike.length > 1 ? `${name}:nth-of-type(${alike.indexOf(at) + 1})` : name);
  }
  return steps.join(" > ");
}

// Applies the rules for paper, and makes the frame as wide as the narrower of Letter and A4 leaves it. What
// is wider is laid out as wide as it needs and then shrunk to fit, the way browsers print.
function layOnPaper(frame, view, doc) {
  let landscape = false;
  let margins = ["1cm", "1cm"];
  const walk = (rules) => {
    for (const rule of rules) {
      if (rule.constructor.name === "CSSPageRule") {
        landscape ||= rule.style.getPropertyValue("size").includes("landscape");
        margins = [rule.style.marginLeft || margins[0], rule.style.marginRight || margins[1]];
      } else if (rule.cssRules) {
        if (rule.media) rule.media.mediaText = onPaper(rule.media.mediaText);
        walk(rule.cssRules);
      }
    }
  };
  for (const sheet of doc.styleSheets) {
    sheet.media.mediaText = onPaper(sheet.media.mediaText);
    walk(sheet.cssRules);
  }
  frame.style.width = `calc(${landscape ? "279.4mm" : "210mm"} - ${margins[0]} - ${margins[1]})`;
  const room = frame.clientWidth;
  // Margins may grow with the width, so that once is not always enough.
  for (let times = 0; times < 5 && doc.documentElement.scrollWidth > frame.clientWidth; times++) {
    frame.style.width = `${doc.documentElement.scrollWidth}px`;
  }
  view.shrunk = room / frame.clientWidth;
}

function onPaper(media) {
  return media.replace(/\bscreen\b/g, "not all").replace(/\bprint\b/g, "all");
}
