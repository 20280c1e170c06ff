/** Longest event: posts have some 3 KB, rarely 100. */
const MAX_CHARS = 4 * 1024 * 1024;

export interface ServerSentEvent {
  event: string;
  data: string;
}

/** Puts events together from pieces of text/event-stream. */
export class SseParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #chars = 0;

  /** The events that this piece completes. Throws RangeError when one never ends. */
  push(piece: string): ServerSentEvent[] {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    const events = lines.flatMap((line) => this.#line(line.endsWith('\r') ? line.slice(0, -1) : line));
    if (this.#rest.length + this.#chars > MAX_CHARS)
      throw new RangeError(`an event of more than ${MAX_CHARS} characters`);
    return events;
  }

  #line(line: string): ServerSentEvent[] {
    if (line === '') return this.#complete();
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'event') this.#event = value;
    else if (name === 'data') {
      this.#data.push(value);
      this.#chars += value.length + 1;
    }
    return [];
  }

  #complete(): ServerSentEvent[] {
    const [event, data] = [this.#event, this.#data];
    this.#event = '';
    this.#data = [];
    this.#chars = 0;
    return event === '' && data.length === 0 ? [] : [{ event, data: data.join('\n') }];
  }
}
