// What of the time axis is seen, and the hands that move it: drag to pan, pinch or wheel to zoom, shift and drag to choose a range,
// keys for all of it.
const zoomStep = 0.8;

export function watchView(plot, view) {
  const over = plot.over;
  const pointers = new Map();
  let begun = null; // how things stood when the fingers went down

  const at = x => plot.posToVal(x - over.getBoundingClientRect().left, "x");
  const zoom = (factor, centre) => {
    const { min, max } = plot.scales.x;
    const pivot = centre ?? (min + max) / 2;
    view.move(pivot - (pivot - min) * factor, pivot + (max - pivot) * factor);
  };
  const pan = share => {
    const { min, max } = plot.scales.x;
    view.move(min + (max - min) * share, max + (max - min) * share);
  };
  const begin = () => {
    const { min, max } = plot.scales.x;
    begun = { min, max, xs: [...pointers.values()] };
  };

  over.addEventListener("pointerdown", event => {
    if (event.shiftKey || event.button !== 0) return;
    pointers.set(event.pointerId, event.clientX);
    over.setPointerCapture(event.pointerId);
    begin();
  });
  over.addEventListener("pointermove", event => {
    if (!pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, event.clientX);
    const xs = [...pointers.values()], width = over.clientWidth, span = begun.max - begun.min;
    if (xs.length === 1) {
      const moved = (xs[0] - begun.xs[0]) / width * span;
      if (Math.abs(xs[0] - begun.xs[0]) > 2) view.move(begun.min - moved, begun.max - moved);
    } else if (xs.length === 2) {
      const left = over.getBoundingClientRect().left;
      const factor = Math.abs(begun.xs[0] - begun.xs[1]) / Math.max(Math.abs(xs[0] - xs[1]), 10);
      const pivot = begun.min + ((begun.xs[0] + begun.xs[1]) / 2 - left) / width * span;
      view.move(pivot - (pivot - begun.min) * factor, pivot + (begun.max - pivot) * factor);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) over.addEventListener(end, event => {
    if (pointers.delete(event.pointerId)) begin();
  });
  over.addEventListener("dblclick", () => view.reset());
  over.addEventListener("wheel", event => {
    // The page scrolls by the wheel; over a chart that has the focus, or with the control key, it zooms.
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== view.element) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? zoomStep : 1 / zoomStep, at(event.clientX));
  }, { passive: false });

  const keys = {
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2),
    ArrowLeft: () => pan(-0.25), ArrowRight: () => pan(0.25), PageUp: () => pan(-1), PageDown: () => pan(1),
    Home: () => view.reset(), "0": () => view.reset(),
  };
  const onKey = event => {
    if (event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  };
  view.element.addEventListener("keydown", onKey);
  return { zoom, pan, stop: () => view.element.removeEventListener("keydown", onKey) };
}
