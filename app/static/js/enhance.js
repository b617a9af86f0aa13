// Brings pages to life: each module is fetched only when its elements are there.

const features = [
  ["form[method=post]", "./guard.js"],
  ["form[data-autosave]", "./autosave.js"],
  ["form[data-warn]", "./warn.js"],
  ["[data-rows]", "./rows.js"],
  ["select[data-parameters]", "./parameters.js"],
  ["[data-guess]", "./guess.js"],
  ["[data-reading]", "./reading.js"],
  ["[data-sum-group], [data-sum-fields]", "./sums.js"],
  ["[data-get]", "./swap.js"],
  ["[data-judge]", "./judge.js"],
  ["[data-lint]", "./lint.js"],
  ["[data-refresh]", "./refresh.js"],
  ["form[data-auto-submit]", "./filter.js"],
  ["form[data-post-target]", "./post.js"],
  ["[data-clock]", "./clock.js"],
  ["[data-counter]", "./counter.js"],
  ["input[type=file][data-max-bytes]", "./file_size.js"],
  ["[data-keyboard]", "./keyboard.js"],
  ["[data-select-all]", "./select_all.js"],
  ["[data-copy]", "./copy.js"],
  ["[data-dialog]", "./dialog.js"],
  ["[data-menu]", "./menu.js"],
  ["[data-theme-switch]", "./theme_switch.js"],
  ["[data-focus]", "./focus.js"],
  ["[data-print]", "./print.js"],
];

/** Bring the elements under root to life; called again on parts that were swapped in. */
export async function enhance(root) {
  for (const [selector, path] of features) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) {
      found.unshift(root);
    }
    if (found.length > 0) {
      const feature = await import(path);
      found.forEach((element) => feature.default(element));
    }
  }
}
