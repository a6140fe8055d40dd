// WCAG 2, success criterion 1.4.3: the contrast of text with what lies behind it.
"use strict";

const NORMAL = 4.5;
const LARGE = 3;
// From these sizes on text counts as large: 18 points, or 14 points and bold.
const LARGE_PX = 24;
const LARGE_BOLD_PX = 18.66;

// Gives a function that finds fault with a box of text.
function contrastIn(win, doc) {
  const shapes = new Map();
  const shapesOf = (svg) => {
    if (!shapes.has(svg)) shapes.set(svg, [...svg.querySelectorAll("rect, path, circle, ellipse, polygon")]);
    return shapes.get(svg);
  };
  const seen = new Map();
  return (box, find) => {
    const { element } = box;
    const svg = outermost(element);
    // All text of an element stands on the same ground, but for charts.
    if (!svg && seen.has(element)) return;
    seen.set(element, true);
    const style = win.getComputedStyle(element);
    const ink = rgba(svg ? style.fill : style.color);
    ink[3] *= opacity(win, element) * (svg ? Number(style.fillOpacity) : 1);
    const grounds = svg ? groundsInChart(win, box, svg, shapesOf(svg), find) : groundsOf(win, element, find);
    const ratios = grounds.map((ground) => ratio(over(ink, ground), ground));
    const worst = Math.min(...ratios);
    const least = box.px >= LARGE_PX || (box.bold && box.px >= LARGE_BOLD_PX) ? LARGE : NORMAL;
    if (worst < least) {
      const ground = grounds[ratios.indexOf(worst)];
      const colours = `${hex(over(ink, ground))} on ${hex(ground)}`;
      find("contrast", element, box.text, `${colours} is ${worst.toFixed(2)} : 1, needs ${least}`);
    }
  };
}

function outermost(element) {
  const svg = element.closest("svg");
  return svg && (svg.parentElement?.closest("svg") ?? svg);
}

// What an element may stand on: one colour, or several where a gradient lies behind it.
function groundsOf(win, element, find) {
  const chain = [];
  for (let at = element; at; at = at.parentElement) chain.unshift(at);
  let grounds = [rgba(win.matchMedia("(prefers-color-scheme: dark)").matches
    && win.getComputedStyle(chain[0]).colorScheme.includes("dark") ? "#121212" : "#fff")];
  for (const at of chain) {
    const style = win.getComputedStyle(at);
    grounds = grounds.map((ground) => over(rgba(style.backgroundColor), ground));
    if (style.backgroundImage.includes("url(")) {
      find("contrast", at, element.textContent, "an image lies behind text: its contrast can't be told");
    } else if (style.backgroundImage !== "none") {
      const stops = style.backgroundImage.match(/(?:rgba?|color|oklch|oklab)\([^)]*\)/g) ?? [];
      grounds = grounds.flatMap((ground) => [ground, ...stops.map((stop) => over(rgba(stop), ground))]);
    }
  }
  return grounds;
}

// The shapes drawn before a text lie behind it where they cover one of five points along its middle.
function groundsInChart(win, { element, ink, text }, svg, shapes, find) {
  const paper = groundsOf(win, svg, find);
  const upright = ink.right - ink.left >= ink.bottom - ink.top;
  const points = [0.02, 0.25, 0.5, 0.75, 0.98].map((part) => upright
    ? [ink.left + part * (ink.right - ink.left), (ink.top + ink.bottom) / 2]
    : [(ink.left + ink.right) / 2, ink.top + part * (ink.bottom - ink.top)]);
  return points.flatMap((point) => {
    let grounds = paper;
    for (const shape of shapes) {
      const fill = fillAt(win, shape, point);
      if (!fill) continue;
      if (shape.compareDocumentPosition(element) & 4) {
        grounds = grounds.map((ground) => over(fill, ground));
      } else if (fill[3] > 0.3) {
        find("overlap", element, text, `${path(shape)} is drawn over it`);
      }
    }
    return grounds;
  });
}

function fillAt(win, shape, [x, y]) {
  const style = win.getComputedStyle(shape);
  const matrix = shape.getScreenCTM();
  if (style.fill === "none" || style.visibility !== "visible" || !matrix || shape.closest("defs, symbol")) return null;
  if (!shape.isPointInFill(new win.DOMPoint(x, y).matrixTransform(matrix.inverse()))) return null;
  const fill = rgba(style.fill);
  fill[3] *= Number(style.fillOpacity) * opacity(win, shape);
  return fill;
}

function opacity(win, element) {
  let all = 1;
  for (let at = element; at; at = at.parentElement) all *= Number(win.getComputedStyle(at).opacity);
  return all;
}

// Whatever way a colour is written, a canvas shows what it is.
const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
  .getContext("2d", { willReadFrequently: true });
const colours = new Map();
function rgba(css) {
  if (!colours.has(css)) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = "#000";
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    colours.set(css, [red, green, blue, alpha / 255]);
  }
  return [...colours.get(css)];
}

function over([red, green, blue, alpha], ground) {
  const mix = (top, below) => alpha * top + (1 - alpha) * below;
  return [mix(red, ground[0]), mix(green, ground[1]), mix(blue, ground[2]), 1];
}

function ratio(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.slice(0, 3).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function hex(colour) {
  return "#" + colour.slice(0, 3).map((value) => Math.round(value).toString(16).padStart(2, "0")).join("");
}
