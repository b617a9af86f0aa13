// A part that changes by itself: data-refresh is its address, asked for again every few seconds while the page
// is looked at. The part stops by coming back without the attribute.

import { swap } from "./swap.js";

const PAUSE_MS = 3000;

export default function refresh(part) {
  const timer = setInterval(async () => {
    if (!part.isConnected) {
      clearInterval(timer);
    } else if (!document.hidden && !part.contains(document.activeElement)) {
      clearInterval(timer);
      try {
        await swap(part.dataset.refresh, part.id); // brings its own timer
      } catch {
        refresh(part); // the server is away: ask again
      }
    }
  }, PAUSE_MS);
}
