// Numbers and times as the rest of the portal writes them, in the site's zone.
const day = 86_400;
const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
  return formats.get(key);
}

export function number(value) {
  if (value == null) return "—";
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
  return value.toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

export const moment = (seconds, zone, withSeconds) =>
  format(zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", ...(withSeconds && { second: "2-digit" }) })
    .format(seconds * 1000);

// Ticks of the time axis: the clock within a day, the date at midnight, months and years where they are far apart.
export function ticks(zone, splits, step) {
  let last = "";
  return splits.map(split => {
    const clock = format(zone, { hour: "2-digit", minute: "2-digit", ...(step < 60 && { second: "2-digit" }) }).format(split * 1000);
    const date = format(zone, { day: "numeric", month: "short" }).format(split * 1000);
    const year = format(zone, { year: "numeric" }).format(split * 1000);
    const text = step >= 28 * day
      ? format(zone, { month: "short" }).format(split * 1000) + (year !== last ? ` ${year}` : "")
      : step >= day || clock.startsWith("00:00") ? date : clock;
    last = year;
    return text;
  });
}
