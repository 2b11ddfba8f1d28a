import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Accepted {
  chatId: number;
  text: string;
}

/** Telegram's Bot API as a witness: it writes down every message that it accepted, all of them. */
export class TelegramApi {
  readonly accepted: Accepted[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<TelegramApi> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = new TelegramApi(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      void bodyOf(request).then((body) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ok: true, result: api.answer(request.url ?? '', body) }));
      });
    });
    return api;
  }

  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    return closed;
  }

  private answer(url: string, body: string): unknown {
    if (!url.endsWith('/sendMessage')) return url.endsWith('/getMe') ? { id: 7, is_bot: true } : true;
    const { chat_id: chatId, text } = JSON.parse(body) as { chat_id: number; text: string };
    this.accepted.push({ chatId: Number(chatId), text });
    return { message_id: this.accepted.length, date: 1_790_000_000, chat: { id: chatId, type: 'private' } };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
