// Light, dark or as the system; kept in this browser only.

export default function themeSwitch(group) {
  const root = document.documentElement;
  const buttons = [...group.querySelectorAll("[data-theme-value]")];

  const show = () => {
    buttons.forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeValue === (root.dataset.theme ?? "")));
    });
  };
  const choose = (value) => {
    if (value) {
      root.dataset.theme = value;
    } else {
      delete root.dataset.theme;
    }
    try {
      localStorage.setItem("theme", value);
    } catch {
      // Without storage the choice lasts for this page.
    }
    show();
  };
  buttons.forEach((button) => button.addEventListener("click", () => choose(button.dataset.themeValue)));
  group.hidden = false;
  show();
}
