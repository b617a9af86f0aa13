// Filters act at once: the list named by data-target is fetched again and swapped, the address follows.

import { swap } from "./swap.js";

const DELAY_MS = 350;

function address(form) {
  const url = new URL(form.action || location.href);
  url.search = "";
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") {
      url.searchParams.append(name, value);
    }
  }
  return url;
}

function refreshCounts(form, page) {
  page.querySelectorAll(".facet__option input").forEach((twin) => {
    const selector = `input[name="${CSS.escape(twin.name)}"][value="${CSS.escape(twin.value)}"]`;
    const count = form.querySelector(selector)?.closest("label").querySelector(".facet__count");
    if (count) {
      count.textContent = twin.closest("label").querySelector(".facet__count")?.textContent ?? "";
    }
  });
}

function foldOnPhone(form) {
  const fold = form.closest("[data-filters-fold]");
  if (fold && window.matchMedia("(max-width: 60rem)").matches) {
    fold.open = false;
  }
}

export default function filter(form) {
  foldOnPhone(form);
  const target = form.dataset.target?.replace(/^#/, "");
  const hasTarget = target && document.getElementById(target);
  if (!hasTarget) {
    return; // the button does it
  }
  const button = form.querySelector("[data-auto-submit-button]");
  if (button) {
    button.classList.add("visually-hidden");
  }
  let timer = 0;

  const apply = async () => {
    const url = address(form);
    try {
      refreshCounts(form, await swap(url, target));
      history.replaceState({}, "", url);
    } catch {
      form.submit();
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(apply, DELAY_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    apply();
  });
}
