// Keys of the desk: j/k move, x select, Enter open, a approve, r reject, d defer, n next, ? help.
// In a list they work on the current row; data-keyboard="page" lets them work on the buttons of the whole page.
// Single letters can be switched off in the help, as speech input needs (WCAG 2.1.4).

import { open } from "./dialog.js";

const SWITCH = "single-keys";
const PLACE = "keyboard-place";
const help = document.getElementById("keyboard-help");

function isOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

function isTyping(target) {
  return target.closest("textarea, select, input:not([type=checkbox]), [contenteditable], dialog[open]") !== null;
}

function current(list) {
  return list.querySelector("[data-key].is-current");
}

const rows = (list) => [...list.querySelectorAll("[data-key]")];

function move(list, step) {
  go(list, rows(list).indexOf(current(list)) + step);
}

function go(list, place) {
  const all = rows(list);
  const next = all[Math.min(Math.max(place, 0), all.length - 1)];
  if (!next) {
    return;
  }
  all.forEach((row) => row.classList.toggle("is-current", row === next));
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** Note where a row was decided on, so that the list opens again at the row that follows it. */
function keepPlace(list) {
  const place = rows(list).indexOf(current(list));
  if (place >= 0) {
    sessionStorage.setItem(PLACE, JSON.stringify([location.pathname + location.search, place]));
  }
}

function takePlace(list) {
  const [path, place] = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
  sessionStorage.removeItem(PLACE);
  const isDone = document.querySelector(".notice--ok") !== null; // a refusal stands above the list and is read first
  if (isDone && path === location.pathname + location.search) {
    go(list, place);
  }
}

/** Do without a place where the browser stores nothing. */
function ifStored(act, list) {
  try {
    act(list);
  } catch {
    // the list opens at its top
  }
}

function decide(list, selector) {
  ifStored(keepPlace, list);
  press(list, selector);
}

function press(list, selector) {
  const scope = list.dataset.keyboard === "page" ? list.closest("main") : current(list);
  scope?.querySelector(selector)?.click();
}

/** Write on in the first field of the form that a link of this page leads to. */
function write(hash) {
  document.getElementById(hash.slice(1))?.querySelector("select, textarea, input:not([type=hidden])")?.focus();
}

const actions = {
  j: (list) => move(list, 1),
  k: (list) => move(list, -1),
  x: (list) => press(list, "[data-select-row]"),
  a: (list) => decide(list, "[data-approve]"),
  r: (list) => press(list, "[data-reject]"),
  d: (list) => decide(list, "[data-defer]"),
  n: (list) => press(list, "[data-next]"),
  "?": () => help && open(help),
};

export default function keyboard(list) {
  document.addEventListener("keydown", (event) => {
    const isChord = event.ctrlKey || event.metaKey || event.altKey;
    if (isChord || isTyping(event.target) || !list.isConnected) {
      return;
    }
    if (event.key === "Enter" && event.target === current(list)) {
      press(list, "[data-open], a[href]");
      return;
    }
    const action = actions[event.key];
    if (action && (isOn() || event.key === "?")) {
      event.preventDefault();
      if (event.repeat && action !== actions.j && action !== actions.k) {
        return; // a key held down decides once
      }
      action(list);
    }
  });

  ifStored(takePlace, list);

  const reject = list.dataset.keyboard === "page" && document.querySelector('[data-reject][href^="#"]');
  if (reject) {
    // Only once the browser has gone there: it would take the focus away again.
    reject.addEventListener("click", () => setTimeout(write, 0, reject.hash));
    if (location.hash === reject.hash) {
      setTimeout(write, 0, reject.hash);
    }
  }

  const choice = document.getElementById("single-keys");
  if (choice) {
    choice.closest("[hidden]")?.removeAttribute("hidden");
    choice.checked = isOn();
    choice.addEventListener("change", () => localStorage.setItem(SWITCH, choice.checked ? "on" : "off"));
  }
}
