// What a page says to those who do not see it, and whom it asks for more.
"use strict";

function structure(doc, find) {
  const root = doc.documentElement;
  if (!root.lang) find("structure", root, "", "the page names no language");
  if (!doc.title.trim()) find("structure", root, "", "the page has no title");
  if (!doc.querySelector("main")) find("structure", root, "", "there is no main part");
  headings(doc, find);
  doc.querySelectorAll("svg").forEach((svg) => graphic(svg, find));
  doc.querySelectorAll("table").forEach((table) => tabular(table, find));
  for (const image of doc.querySelectorAll("img, canvas, object, video, area")) {
    if (!image.hasAttribute("alt") && !nameOf(image)) find("alternative", image, "", "nothing stands for it in words");
  }
  for (const control of doc.querySelectorAll("a[href], button, summary, input, select")) {
    const label = control.labels?.[0]?.textContent ?? "";
    if (!(nameOf(control) + control.textContent + label).trim()) find("structure", control, "", "has no name");
  }
  references(doc, find);
}

function headings(doc, find) {
  const all = [...doc.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const ones = all.filter((heading) => heading.localName === "h1").length;
  if (ones !== 1) find("heading", doc.body, "", `${ones} headings of the first level`);
  let before = 0;
  for (const heading of all) {
    const level = Number(heading.localName[1]);
    if (!heading.textContent.trim()) find("heading", heading, "", "is empty");
    if (level > before + 1) find("heading", heading, heading.textContent, `level ${level} follows level ${before}`);
    before = level;
  }
}

function graphic(svg, find) {
  if (svg.parentElement.closest("svg")) return;
  if (svg.closest("[aria-hidden=true]")) {
    const text = svg.querySelector("text");
    if (text) find("alternative", text, text.textContent, "text in a graphic that is hidden from screen readers");
  } else if (svg.getAttribute("role") !== "img") {
    find("alternative", svg, "", "neither role=img nor aria-hidden");
  } else if (!nameOf(svg)) {
    find("alternative", svg, "", "nothing stands for it in words");
  }
}

function tabular(table, find) {
  if (!table.caption?.textContent.trim()) find("table", table, "", "has no caption");
  for (const head of table.querySelectorAll("th")) {
    if (!head.hasAttribute("scope")) find("table", head, head.textContent, "a head without scope");
  }
  if (!table.querySelector("th[scope=col]")) find("table", table, "", "no head of a column");
  for (const row of table.querySelectorAll("tbody tr")) {
    if (!row.querySelector("th")) find("table", row, row.textContent, "a row without a head");
  }
}

function references(doc, find) {
  const ids = new Set();
  for (const element of doc.querySelectorAll("[id]")) {
    if (ids.has(element.id)) find("structure", element, "", `the id ${element.id} is there twice`);
    ids.add(element.id);
  }
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "headers", "for"]) {
    for (const element of doc.querySelectorAll(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(/\s+/)) {
        if (!ids.has(id)) find("structure", element, "", `${name} points to ${id}, which is not there`);
      }
    }
  }
  for (const link of doc.querySelectorAll("a[href^='#']")) {
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (id && !ids.has(id)) find("structure", link, link.textContent, `leads to ${id}, which is not there`);
  }
}

// The name that assistive technology reads out, from attributes or an SVG's own title.
function nameOf(element) {
  const ids = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
  const labels = ids.map((id) => element.ownerDocument.getElementById(id)?.textContent ?? "").join(" ");
  const title = element.localName === "svg" ? element.querySelector(":scope > title")?.textContent : "";
  return (labels || element.getAttribute("aria-label") || title || "").trim();
}

// A page holds all that it needs: it may link to others, but loads nothing.
function requests(win, doc, find) {
  for (const entry of win.performance.getEntriesByType("resource")) {
    if (!/^(data|blob):/.test(entry.name)) find("request", doc.documentElement, entry.name, `loaded as ${entry.initiatorType}`);
  }
  const check = (element, address, where) => {
    if (!/^\s*(#|data:)/.test(address)) find("request", element, address, `${where} leads out of the page`);
  };
  for (const element of doc.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      const loads = ["src", "srcset", "poster", "data", "background", "action", "formaction", "manifest", "ping"].includes(name)
        || (["href", "xlink:href"].includes(name) && !["a", "area"].includes(element.localName));
      if (loads) check(element, value, name);
      const paints = /^(style|fill|stroke|filter|mask|cursor|clip-path|marker.*)$/.test(name);
      if (paints) urls(value).forEach((url) => check(element, url, name));
    }
    if (element.localName === "style") {
      urls(element.textContent).forEach((url) => check(element, url, "a style"));
    }
    if (element.localName === "meta" && /refresh/i.test(element.httpEquiv)) check(element, element.content, "the page");
  }
}

function urls(css) {
  return [...css.matchAll(/(?:url\(|@import)\s*["']?([^"')]*)/g)].map((found) => found[1]);
}
