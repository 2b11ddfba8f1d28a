import type { Socket } from 'node:net';
import { TcpDouble } from './tcp-double';

/** What a platform may do to a call, down to its connection. `null`: it takes the message and says so. */
export type PlatformFault =
  'reset before accept' | 'reset after accept' | 'stall' | 'half an answer' | 'garbage' | 401 | 429 | 500;

interface Call {
  chatId: number;
  text: string;
  at: number;
  fault: PlatformFault | null;
}

export const retryAfterSeconds = 1;

/** Telegram's Bot API over bare sockets: an independent witness of what was called and what was accepted. */
export class TcpPlatform extends TcpDouble {
  /** Every call that sends a message, in order. */
  readonly calls: Call[] = [];
  readonly accepted: Call[] = [];

  private constructor(private readonly draw: (call: number) => PlatformFault | null) {
    super();
  }

  /** `draw` is asked for each call that sends a message. */
  static async start(draw: (call: number) => PlatformFault | null): Promise<TcpPlatform> {
    const platform = new TcpPlatform(draw);
    await platform.listen();
    return platform;
  }

  protected serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    let waiting = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      const head = waiting.indexOf('\r\n\r\n');
      if (head < 0) return;
      const lines = waiting.subarray(0, head).toString();
      const length = Number(/content-length: (\d+)/i.exec(lines)?.[1] ?? 0);
      if (waiting.length < head + 4 + length) return;
      const body = waiting.subarray(head + 4, head + 4 + length).toString();
      waiting = waiting.subarray(head + 4 + length);
      if (/^POST \S+\/sendMessage /.test(lines)) this.take(socket, body);
      else answer(socket, 200, { ok: true, result: true });
    });
  }

  private take(socket: Socket, body: string): void {
    const { chat_id: chatId, text } = JSON.parse(body) as { chat_id: number; text: string };
    const call = { chatId, text, at: performance.now(), fault: this.draw(this.calls.length) };
    this.calls.push(call);
    if (call.fault === 'reset before accept') return void socket.resetAndDestroy();
    if (typeof call.fault === 'number') return refuse(socket, call.fault);
    this.accepted.push(call);
    const result = { message_id: this.accepted.length, date: 1, chat: { id: chatId, type: 'private' } };
    if (call.fault === 'reset after accept') socket.resetAndDestroy();
    else if (call.fault === 'half an answer')
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"ok":tr');
    else if (call.fault === 'garbage') answer(socket, 200, '<html>Welcome to our hotel Wi-Fi</html>');
    else if (call.fault === null) answer(socket, 200, { ok: true, result });
  }
}

function refuse(socket: Socket, status: 401 | 429 | 500): void {
  const parameters = status === 429 ? { retry_after: retryAfterSeconds } : undefined;
  answer(socket, status, { ok: false, error_code: status, description: 'no', parameters });
}

function answer(socket: Socket, status: number, body: object | string): void {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  socket.write(
    `HTTP/1.1 ${status} .\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`,
  );
  socket.write(bytes);
}
