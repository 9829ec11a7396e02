/** Reads server-sent events out of a response: calls `on(name, data, id)` for each (WHATWG HTML, 9.2). */
export async function readEvents(response, on) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    rest += value;
    let end = rest.indexOf('\n\n');
    while (end >= 0) {
      deliver(rest.slice(0, end), on);
      rest = rest.slice(end + 2);
      end = rest.indexOf('\n\n');
    }
  }
}

function deliver(block, on) {
  const fields = { event: 'message', data: '', id: '' };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, '');
    }
  }
  on(fields.event, fields.data === '' ? null : JSON.parse(fields.data), fields.id);
}
