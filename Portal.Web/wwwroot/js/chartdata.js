// Fetches curves as the API gives them to charts (Portal.Api/Charts/ChartBody.cs): 64-bit floats by column, no text to parse.

// Where the session has ended there is nothing to show: to the sign-in page, with the way back.
function signIn() {
  location.assign(`/sign-in?ended=true&returnUrl=${encodeURIComponent(location.pathname + location.search)}`);
}

export async function fetchCurves(url, signal) {
  const answer = await fetch(url, { signal, headers: { Accept: "application/vnd.portal.chart" } });
  if (answer.status === 401) signIn();
  if (!answer.ok) throw Object.assign(new Error(`${answer.status}`), { status: answer.status });
  return decode(await answer.arrayBuffer());
}

export function decode(buffer) {
  const view = new DataView(buffer);
  if (view.getUint32(0) !== 0x50434831) throw new Error("not chart data");
  const length = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const columns = header.columns.map((column, i) =>
    ({ ...column, values: new Float64Array(buffer, 8 + length + i * header.rows * 8, header.rows) }));
  return { ...header, columns, times: columns[0].values };
}

// NaN breaks the line (null), infinity lets it go on (undefined).
export function toPlot(values) {
  const plot = new Array(values.length);
  for (let i = 0; i < values.length; i++) plot[i] = Number.isFinite(values[i]) ? values[i] : Number.isNaN(values[i]) ? null : undefined;
  return plot;
}

// A curve in two: what was measured, and what is an estimate, which is drawn dashed and meets its neighbours.
export function split(values, flags) {
  const measured = toPlot(values), estimated = new Array(values.length).fill(undefined);
  if (!flags.some(flag => flag === 1)) return [measured, null];
  const known = toPlot(values);
  for (let i = 0; i < values.length; i++) {
    if (flags[i] === 1) { measured[i] = null; estimated[i] = known[i]; }
    else estimated[i] = flags[i - 1] === 1 || flags[i + 1] === 1 ? known[i] : null;
  }
  return [measured, estimated];
}
