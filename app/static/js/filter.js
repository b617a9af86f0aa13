// Filters act at once: the list named by data-target is fetched again and swapped, the address follows.

import { swap } from "./swap.js";

const DELAY_MS = 350;

function address(form) {
  // A field may be called "action" and hide the property.
  const url = new URL(form.getAttribute("action") || "", location.href);
  url.search = "";
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") {
      url.searchParams.append(name, value);
    }
  }
  return url;
}

/** Take over which options there are and how many things each would show; ticks stay as they are now. */
function refreshFacets(form, page) {
  const focused = document.activeElement;
  form.querySelectorAll(".facet__options").forEach((group) => {
    const inputs = [...group.querySelectorAll("input")];
    const twin = page.querySelector(`.facet__options:has(input[name="${CSS.escape(inputs[0]?.name ?? "")}"])`);
    if (!twin) {
      group.querySelectorAll(".facet__count").forEach((count) => {
        count.textContent = "0";
      });
      return;
    }
    const ticked = new Map(inputs.map((input) => [input.value, input.checked]));
    twin.querySelectorAll("input").forEach((input) => {
      input.checked = ticked.get(input.value) ?? input.checked;
    });
    group.replaceWith(document.adoptNode(twin));
  });
  if (focused?.name && !focused.isConnected) {
    form.querySelector(`input[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]`)?.focus();
  }
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
      refreshFacets(form, await swap(url, target));
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
