// A curve over time. The data comes by HTTP, downsampled by the server to the pixels that are there, and again for every stretch that
// is zoomed to; what came before stays on the screen meanwhile.
import uPlot from "../vendor/uplot/uplot.js";
import { fetchCurves, split, toPlot } from "./chartdata.js";
import { moment, number, ticks } from "./chartformat.js";
import { watchView } from "./chartview.js";
import { colourOf } from "./theme.js";

const settle = 150; // ms of rest before a new stretch is asked for
const margin = 0.5; // of the view, fetched on either side, so that panning shows something at once
const mostPoints = 5_000;
const shortest = 60; // seconds
const tryAgain = 5_000;

export function mount(element, options, owner) {
  const field = element.querySelector(".plot");
  const says = { readout: element.querySelector(".readout"), summary: element.querySelector(".summary"), state: element.querySelector(".chart-state") };
  let plot, hands, asking, timer, live, following = options.to == null, data = null, gone = false;
  const colours = {};
  const now = () => Date.now() / 1000;
  const home = () => { const to = options.to ?? now(); return { min: options.from ?? to - options.span, max: to }; };
  let view = home();

  function readColours() {
    for (const token of ["--ink", "--ink-3", "--line-2", "--surface", ...options.series.map(s => s.token), ...options.bands.map(b => b.token), ...options.lines.map(l => l.token)])
      colours[token] = colourOf(token, element);
  }
  const faded = (token, share) => colours[token].replace(/^rgb\((.*)\)$/, `rgba($1, ${share})`);

  // --- data ---------------------------------------------------------------------------------------------------------------------
  async function load() {
    clearTimeout(timer);
    asking?.abort();
    const mine = asking = new AbortController();
    const span = view.max - view.min, wide = span * (1 + 2 * margin);
    const points = Math.min(Math.max(Math.round(field.clientWidth * (1 + 2 * margin)), 50), mostPoints);
    const ask = shift => {
      const url = new URL(options.url, location.href);
      url.searchParams.set("from", Math.floor(view.min - span * margin - shift));
      url.searchParams.set("to", Math.ceil(Math.min(view.min - span * margin + wide, Math.max(now() + 60, view.max)) - shift));
      if (options.interval) url.searchParams.set("interval", options.interval);
      else url.searchParams.set("points", points);
      return fetchCurves(url, mine.signal);
    };
    element.setAttribute("aria-busy", "true");
    try {
      const [curves, before] = await Promise.all([ask(0), options.compareSeconds ? ask(options.compareSeconds) : null]);
      if (mine.signal.aborted) return;
      data = { curves, before };
      show();
      say(isEmpty() ? "empty" : "ready");
    } catch (error) {
      if (mine.signal.aborted || gone) return;
      say(error.status >= 400 && error.status < 500 ? "refused" : data ? "stale" : "failed");
      if (!(error.status >= 400 && error.status < 500)) timer = setTimeout(load, tryAgain);
    } finally {
      if (mine === asking) element.removeAttribute("aria-busy");
    }
  }

  const isEmpty = () => !data.curves.columns.slice(1).some(column => column.part !== "flag" && column.values.some(Number.isFinite));
  function say(state) {
    element.dataset.state = state;
    says.state.textContent = options.texts[state] ?? "";
  }

  // The plot's columns: for each series the line, its estimated part, and lowest and highest where the points are means.
  function table(curves, shift) {
    const half = curves.stepSeconds / 2 + shift;
    const columns = [Array.from(curves.times, time => time + half)];
    const flags = curves.columns.find(column => column.name === "estimated")?.values;
    for (const series of options.series) {
      const of = part => curves.columns.find(column => column.name === series.column && column.part === part);
      const line = of("mean") ?? of("value") ?? of("last") ?? of("energy");
      const [measured, estimated] = line ? flags ? split(line.values, flags) : [toPlot(line.values), null] : [columns[0].map(() => null), null];
      columns.push(measured, estimated ?? columns[0].map(() => null));
      for (const part of ["min", "max"]) columns.push(series.spread && of(part) ? toPlot(of(part).values) : columns[0].map(() => null));
    }
    return columns;
  }

  function show() {
    let all = table(data.curves, 0);
    if (options.compareSeconds) {
      const before = data.before ? table(data.before, options.compareSeconds) : [[]];
      all = uPlot.join([all, [before[0], ...options.series.map((_, i) => before[1 + i * 4] ?? [])]]);
    }
    if (!plot) build(all);
    plot.setData(all, false);
    plot.setScale("x", view);
    summarise();
  }

  // --- drawing ------------------------------------------------------------------------------------------------------------------
  function build(all) {
    readColours();
    const bars = options.bars && uPlot.paths.bars({ size: [0.8, 60], align: 0, gap: 1 });
    const series = [{}];
    const bands = [];
    for (const s of options.series) {
      const first = series.length;
      const common = { scale: s.scale ?? "y", points: { show: false }, spanGaps: false, ...(bars && { paths: bars }) };
      series.push(
        { ...common, label: s.label, stroke: () => colours[s.token], width: bars ? 0 : 2, fill: s.fill || bars ? () => faded(s.token, bars ? 0.85 : 0.08) : undefined, points: { show: true, size: 4, filter: lonely } },
        { ...common, label: s.label, stroke: () => colours[s.token], width: bars ? 1 : 2, dash: [4, 4], fill: bars ? () => faded(s.token, 0.2) : undefined },
        { ...common, stroke: "transparent", width: 0 }, { ...common, stroke: "transparent", width: 0 });
      bands.push({ series: [first + 3, first + 2], fill: () => faded(s.token, 0.16) });
    }
    if (options.compareSeconds)
      for (const s of options.series) series.push({ scale: s.scale ?? "y", label: options.compareLabel, stroke: () => colours["--ink-3"], width: 1.2, points: { show: false }, spanGaps: false });

    const axis = { stroke: () => colours["--ink-3"], font: "11px Inter Variable, sans-serif", ticks: { show: false }, border: { show: false } };
    plot = new uPlot({
      width: Math.max(field.clientWidth, 50), height: field.clientHeight, series, bands,
      tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), options.zone),
      legend: { show: false },
      padding: [10, 8, 0, 0],
      cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 7 }, bind: { mousedown: (u, target, handler) => event => event.shiftKey && handler(event), dblclick: () => null } },
      scales: { x: { time: true, range: (u, min, max) => [min, max] }, y: { range: (u, min, max) => range(min, max) } },
      axes: [
        { ...axis, size: 28, grid: { show: false }, values: (u, splits, i, space, step) => ticks(options.zone, splits, step) },
        { ...axis, size: 52, grid: { stroke: () => colours["--line-2"], width: 1 }, values: (u, splits) => splits.map(number) },
      ],
      hooks: { drawClear: [drawBands], draw: [drawLines], setCursor: [readOut], setSelect: [choose] },
    }, all, field);
    plot.over.style.touchAction = "pan-y";
    hands = watchView(plot, { element: field, move, reset });
  }

  // A value with a gap on either side is a point, since no line shows it.
  function lonely(u, index) {
    const values = u.data[index], last = values.length - 1;
    return values.flatMap((value, i) => value != null && (i === 0 || values[i - 1] === null) && (i === last || values[i + 1] === null) ? [i] : []);
  }

  function range(min, max) {
    for (const line of options.lines) { min = Math.min(min ?? line.value, line.value); max = Math.max(max ?? line.value, line.value); }
    if (min == null) return [0, 1];
    if (!options.tight) { min = Math.min(min, 0); max = Math.max(max, 0); }
    const room = (max - min || Math.abs(max) || 1) * 0.06;
    return [min < 0 || options.tight ? min - room : 0, max > 0 || options.tight ? max + room : 0];
  }

  function drawBands(u) {
    const { left, top, width, height } = u.bbox;
    u.ctx.save();
    for (const band of options.bands) {
      const x = Math.max(u.valToPos(band.from, "x", true), left), end = Math.min(u.valToPos(band.to, "x", true), left + width);
      if (end <= x) continue;
      u.ctx.fillStyle = faded(band.token, 0.08);
      u.ctx.fillRect(x, top, end - x, height);
      u.ctx.fillStyle = faded(band.token, 0.75);
      u.ctx.fillRect(x, top + height - 3 * devicePixelRatio, end - x, 3 * devicePixelRatio);
    }
    u.ctx.restore();
  }

  function drawLines(u) {
    const { left, width } = u.bbox;
    u.ctx.save();
    u.ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    u.ctx.font = `${11 * devicePixelRatio}px Inter Variable, sans-serif`;
    u.ctx.textAlign = "right";
    for (const line of options.lines) {
      const y = u.valToPos(line.value, "y", true);
      u.ctx.strokeStyle = u.ctx.fillStyle = colours[line.token];
      u.ctx.beginPath(); u.ctx.moveTo(left, y); u.ctx.lineTo(left + width, y); u.ctx.stroke();
      u.ctx.fillText(line.label, left + width, y - 5 * devicePixelRatio);
    }
    u.ctx.restore();
  }

  // --- words --------------------------------------------------------------------------------------------------------------------
  function readOut(u) {
    const i = u.cursor.idx;
    if (i == null || u.cursor.left < 0) { says.readout.textContent = ""; return; }
    const parts = options.series.map((s, k) => {
      const [value, guess, low, high] = [1, 2, 3, 4].map(n => u.data[k * 4 + n][i]);
      const known = value ?? guess;
      const spread = low != null && high != null && high > low ? ` (${number(low)}–${number(high)})` : "";
      return `${s.label} ${number(known)} ${known == null ? "" : s.unit}${spread}${value == null && guess != null ? ` ${options.texts.estimated}` : ""}`.trim();
    });
    says.readout.textContent = `${moment(u.data[0][i], options.zone)} · ${parts.join(" · ")}`;
  }

  function summarise() {
    const [x] = plot.data;
    says.summary.textContent = options.series.map((s, k) => {
      let low = null, high = null, highAt = null, gaps = 0;
      for (let i = 0; i < x.length; i++) {
        if (x[i] < view.min || x[i] > view.max) continue;
        const value = plot.data[k * 4 + 1][i] ?? plot.data[k * 4 + 2][i];
        if (value === null) gaps++;
        if (value == null) continue;
        if (low == null || value < low) low = value;
        if (high == null || value > high) [high, highAt] = [value, x[i]];
      }
      return high == null ? `${s.label}: ${options.texts.empty}`
        : options.texts.summary.replace("{0}", s.label).replace("{1}", `${number(low)} ${s.unit}`).replace("{2}", `${number(high)} ${s.unit}`)
          .replace("{3}", moment(highAt, options.zone)).replace("{4}", gaps);
    }).join(" ");
  }

  // --- moving -------------------------------------------------------------------------------------------------------------------
  function move(min, max) {
    const span = Math.min(Math.max(max - min, shortest), options.longest);
    const middle = (min + max) / 2;
    const to = Math.min(middle + span / 2, now() + span * 0.05);
    view = { min: to - span, max: to };
    following = false;
    element.dataset.moved = "";
    plot?.setScale("x", view);
    clearTimeout(timer);
    timer = setTimeout(() => { load(); tell(); }, settle);
  }
  function reset() {
    view = home();
    following = options.to == null;
    delete element.dataset.moved;
    plot?.setScale("x", view);
    load();
    owner?.invokeMethodAsync("ShowRange", null, null);
  }
  function choose(u) {
    if (u.select.width < 5) return;
    const [min, max] = [u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x")];
    u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    move(min, max);
  }
  const tell = () => owner?.invokeMethodAsync("ShowRange", view.min, view.max);

  // --- life ---------------------------------------------------------------------------------------------------------------------
  const size = new ResizeObserver(() => {
    if (plot && field.clientWidth > 0 && (plot.width !== field.clientWidth || plot.height !== field.clientHeight))
      plot.setSize({ width: field.clientWidth, height: field.clientHeight });
  });
  const onTheme = () => { if (plot) { readColours(); plot.redraw(false); } };
  const onClick = event => {
    const act = event.target.closest("[data-chart]")?.dataset.chart;
    if (act && plot) ({ in: () => hands.zoom(0.5), out: () => hands.zoom(2), back: () => hands.pan(-0.5), on: () => hands.pan(0.5), reset })[act]();
  };
  const follow = () => {
    if (document.visibilityState !== "visible" || !following) return;
    view = home();
    load();
  };
  size.observe(field);
  document.addEventListener("portal-theme", onTheme);
  document.addEventListener("visibilitychange", follow);
  element.addEventListener("click", onClick);
  if (options.refreshSeconds) live = setInterval(follow, options.refreshSeconds * 1000);
  load();

  function unbuild() {
    hands?.stop();
    plot?.destroy();
    plot = hands = null;
  }

  return {
    update(next) {
      const sameShape = JSON.stringify(next.series) === JSON.stringify(options.series) && next.compareSeconds === options.compareSeconds && next.bars === options.bars && next.zone === options.zone;
      const sameQuestion = sameShape && next.url === options.url && next.from === options.from && next.to === options.to && next.span === options.span && next.interval === options.interval;
      options = next;
      if (!sameShape) unbuild();
      if (sameQuestion) { if (plot) { readColours(); plot.redraw(); } return; }
      following = options.to == null;
      delete element.dataset.moved;
      view = home();
      load();
    },
    dispose() {
      gone = true;
      asking?.abort();
      clearTimeout(timer);
      clearInterval(live);
      size.disconnect();
      document.removeEventListener("portal-theme", onTheme);
      document.removeEventListener("visibilitychange", follow);
      element.removeEventListener("click", onClick);
      unbuild();
    },
  };
}
