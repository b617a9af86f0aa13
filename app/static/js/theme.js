// Runs before the first paint, so that a chosen appearance does not flash; everything else is a module.
(function () {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") {
      document.documentElement.dataset.theme = chosen;
    }
  } catch {
    // Storage may be forbidden: then the system decides.
  }
})();
