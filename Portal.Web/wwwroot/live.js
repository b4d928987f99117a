// Figures on a page that is being looked at are at most ten seconds old: the server renders the page again, and enhanced
// navigation changes only what differs. No reload, no jump.
const everyMilliseconds = 10_000;

setInterval(() => {
  const shown = document.querySelector("[data-live]");
  if (shown && document.visibilityState === "visible" && !document.activeElement?.matches("input, textarea, select")) {
    Blazor.navigateTo(location.href, { replaceHistoryEntry: true });
  }
}, everyMilliseconds);
