// Keeps the time left running, by the server's clock.

import { text } from "./texts.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

function words(seconds) {
  if (seconds <= 0) {
    return text("over");
  }
  const d = Math.floor(seconds / DAY);
  const h = Math.floor((seconds % DAY) / HOUR);
  const m = Math.floor((seconds % HOUR) / MINUTE);
  if (d > 0) {
    return text("days", { d, h });
  }
  return h > 0 ? text("hours", { h, m }) : text("minutes", { m, s: Math.floor(seconds % MINUTE) });
}

export default function clock(element) {
  const end = Date.parse(element.dataset.clock);
  const fromServer = Date.parse(element.dataset.clockNow) - performance.timeOrigin;

  const tick = () => {
    if (!element.isConnected) {
      return; // swapped out
    }
    // The page was made about when it was asked for; the reader's own clock may be wrong and is not used.
    const now = performance.timeOrigin + fromServer + performance.now();
    const seconds = Math.floor((end - now) / 1000);
    element.textContent = words(seconds);
    element.classList.toggle("time-left--near", seconds > 0 && seconds < 2 * DAY);
    element.classList.toggle("time-left--over", seconds <= 0);
    if (seconds > 0) {
      setTimeout(tick, seconds < HOUR ? 1000 : 20000);
    }
  };
  tick();
}
