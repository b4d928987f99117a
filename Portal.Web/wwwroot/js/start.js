// Starts the circuit and keeps it: a lost connection is taken up again by itself, a circuit that is gone (the service was
// restarted) by loading the page anew, which has all its state in its address.
import { watchTheme } from "./theme.js";
import { watchCopy } from "./copy.js";
import { takeSecret } from "./link.js";

const calm = 1_500; // a break shorter than this is not worth a word
const longestPause = 10_000;
const slowStart = 15_000;
const bar = () => document.getElementById("connection");
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const root = document.documentElement;

let attempt = 0; // counts breaks, so that an older loop ends when a newer one has begun

function say(state) {
  root.dataset.circuit = state;
  if (bar()) bar().dataset.state = state;
}

// Loads the page anew once the service answers for it. A session that ended leads to the sign-in page from there.
async function begin() {
  say("restarting");
  for (let wait = 500; ; wait = Math.min(wait * 2, longestPause)) {
    try {
      const answer = await fetch(location.href, { redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status < 500) return location.reload();
    } catch { /* still away */ }
    await pause(wait);
  }
}

async function reconnect() {
  const mine = ++attempt;
  setTimeout(() => { if (mine === attempt) say("lost"); }, calm);
  for (let wait = 250; mine === attempt; wait = Math.min(wait * 2, longestPause)) {
    try {
      if (await Blazor.reconnect()) return;
      return begin();
    } catch { /* the service is away */ }
    await Promise.race([pause(wait), new Promise(resolve => addEventListener("online", resolve, { once: true }))]);
  }
}

watchTheme();
watchCopy();
takeSecret();
addEventListener("hashchange", takeSecret); // another link, in a tab that shows one already

if (document.querySelector("[data-circuit]")) {
  await Blazor.start({
    circuit: {
      circuitHandlers: [{ onCircuitOpened: () => say("up") }],
      reconnectionHandler: {
        onConnectionDown: reconnect,
        onConnectionUp: () => { attempt++; say("up"); },
      },
    },
  }).catch(() => { });
  setTimeout(() => { if (!root.dataset.circuit) begin(); }, slowStart);
} else {
  await Blazor.start();
}
