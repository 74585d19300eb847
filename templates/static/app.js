// What scripts add to pages that work without them.
"use strict";

// "3 min ago" and "in 4 s" stay true while the page is open.
const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

function distance(at) {
  const seconds = Math.round((Date.now() - at) / 1000);
  const length = Math.abs(seconds);
  if (length <= 5) return "just now";
  if (length >= 604800) return new Date(at).toISOString().slice(0, 10);
  const [size, unit] = units.find(([size]) => length >= size);
  const words = `${Math.floor(length / size)} ${unit}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

function until(at) {
  const seconds = Math.ceil((at - Date.now()) / 1000);
  if (seconds <= 0) return "due now";
  if (seconds >= 604800) return new Date(at).toISOString().slice(0, 10);
  const [size, unit] = units.find(([size]) => seconds >= size);
  return `in ${Math.floor(seconds / size)} ${unit}`;
}

setInterval(() => {
  for (const time of document.querySelectorAll("time[data-ago]")) time.textContent = distance(Date.parse(time.dateTime));
  for (const time of document.querySelectorAll("time[data-due]")) time.textContent = until(Date.parse(time.dateTime));
}, 10_000);

// A menu closes when one clicks beside it or presses Escape.
function close(event) {
  for (const menu of document.querySelectorAll("header.bar details[open]")) {
    if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) {
      menu.open = false;
      if (event.type === "keydown") menu.querySelector("summary").focus();
    }
  }
}
document.addEventListener("click", close);
document.addEventListener("keydown", close);

// A form that asks first says what it is about to do.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

// "/" goes to the page's search box.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("main input[type=search]");
  if (box) {
    event.preventDefault();
    box.focus();
  }
});

// Leaving a page with changes that were not saved asks first.
const dirty = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && "guard" in form.dataset) dirty.add(form);
});
document.addEventListener("submit", (event) => dirty.delete(event.target));
addEventListener("beforeunload", (event) => {
  if (dirty.size) event.preventDefault();
});
