import { EventEmitter } from 'node:events';
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const RING = 500;
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_BODY_CHARACTERS = 16_000;

/** One HTTP exchange between a platform's double and the server. */
export interface RecordedRequest {
  seq: number;
  at: string;
  /** `webhook`: the platform called the server; `api`: the server called the platform. */
  direction: 'webhook' | 'api';
  accountId: string | null;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Null when the connection gave no answer. */
  status: number | null;
  responseHeaders: Record<string, string>;
  response: string;
  ms: number;
  verdict: Verdict;
}

export interface Verdict {
  ok: boolean;
  /** `accepted`, or the platform's reason not to. */
  reason: string;
}

export type Exchange = Omit<RecordedRequest, 'seq' | 'at'>;

/** Writes down every exchange: the last 500 in memory, all of them (to 20 MB) in a file. */
export class Recorder extends EventEmitter<{ request: [RecordedRequest] }> {
  private readonly file: string;
  private readonly ring: RecordedRequest[] = [];
  private lastSeq = 0;

  constructor(
    dataDir: string,
    private readonly now: () => Date,
  ) {
    super();
    mkdirSync(dataDir, { recursive: true });
    this.file = path.join(dataDir, 'requests.jsonl');
  }

  record(exchange: Exchange): RecordedRequest {
    this.lastSeq += 1;
    const entry = {
      ...exchange,
      seq: this.lastSeq,
      at: this.now().toISOString(),
      body: shortened(exchange.body),
      response: shortened(exchange.response),
    };
    this.ring.push(entry);
    if (this.ring.length > RING) this.ring.shift();
    this.write(entry);
    this.emit('request', entry);
    return entry;
  }

  /** The newest `limit` after a sequence number, oldest first. */
  after(seq: number, limit = RING): RecordedRequest[] {
    return this.ring.filter((entry) => entry.seq > seq).slice(-limit);
  }

  clear(): void {
    this.ring.length = 0;
  }

  private write(entry: RecordedRequest): void {
    const size = statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_FILE_BYTES) renameSync(this.file, `${this.file}.1`);
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
  }
}

function shortened(text: string): string {
  if (text.length <= MAX_BODY_CHARACTERS) return text;
  return `${text.slice(0, MAX_BODY_CHARACTERS)}… (${text.length} characters)`;
}
