// Numbers and times as people read them; the same width from one moment to the next where it can be.

export function rate(perSecond) {
  if (!perSecond) {
    return '0/s';
  }
  return perSecond < 10 ? `${perSecond.toFixed(1)}/s` : `${compact(perSecond)}/s`;
}

export function compact(number) {
  if (number < 10_000) {
    return String(Math.round(number));
  }
  return number < 1e6 ? `${(number / 1e3).toFixed(1)}k` : `${(number / 1e6).toFixed(1)}M`;
}

export function percent(share) {
  if (!share) {
    return '0 %';
  }
  const value = share * 100;
  return value < 0.1 ? '< 0.1 %' : `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

export function millis(ms) {
  if (!ms) {
    return '–';
  }
  if (ms < 10) {
    return `${ms.toFixed(1)} ms`;
  }
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** A whole number of seconds in words: 90 → "1 min 30 s". */
export function seconds(count) {
  const s = Math.max(0, Math.round(count));
  if (s < 60) {
    return `${s} s`;
  }
  if (s < 3600) {
    return s % 60 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${s / 60} min`;
  }
  const hours = Math.floor(s / 3600);
  if (hours < 48) {
    const minutes = Math.floor((s % 3600) / 60);
    return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  }
  return `${Math.floor(hours / 24)} d`;
}

export function ago(iso, now = Date.now()) {
  const past = (now - Date.parse(iso)) / 1000;
  return past < 2 ? 'just now' : `${seconds(past)} ago`;
}

export function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour12: false });
}

/** With the date where it is not today's. */
export function moment(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return today ? clock(iso) : `${date.toLocaleDateString([], { day: 'numeric', month: 'short' })} ${clock(iso)}`;
}

export function money(amount, currency) {
  return `${Number(amount).toFixed(2)} ${currency}`;
}

/** The end of an id is what tells two of them apart. */
export function shortId(id) {
  return id && id.length > 13 ? `…${id.slice(-8)}` : id;
}

export function words(text) {
  return String(text).replace(/_/g, ' ');
}

export function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}
