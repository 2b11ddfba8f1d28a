import { io, type Socket } from 'socket.io-client';
import type {
  WebchatClientEvents,
  WebchatMessage,
  WebchatSendAnswer,
  WebchatServerEvents,
} from '../../src/contract/webchat';

/** A visitor's open page of a web chat. */
export interface VisitorPage {
  socket: Socket<WebchatServerEvents, WebchatClientEvents>;
  visitorToken: string;
  history: WebchatMessage[];
  /** What it was sent since it opened. */
  messages: WebchatMessage[];
  send(message: object): Promise<WebchatSendAnswer>;
  upload(bytes: Buffer, name: string, type?: string, token?: string): Promise<Response>;
}

/** @throws what the server refused it with. */
export function openVisitorPage(
  url: string,
  auth: object,
  options: { timeout?: number; extraHeaders?: Record<string, string> } = {},
): Promise<VisitorPage> {
  const socket: VisitorPage['socket'] = io(`${url}/webchat`, {
    auth,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    ...options,
  });
  const messages: WebchatMessage[] = [];
  socket.on('message', (message) => messages.push(message));
  return new Promise((resolve, reject) => {
    socket.on('connect_error', (error) => {
      socket.disconnect();
      reject(error);
    });
    // It may also go after it opened and before it was welcome: then the socket itself says nothing. A refusal closes
    // the connection just before it says why: that goes first.
    socket.io.once('close', (reason) => setImmediate(reject, new Error(reason)));
    socket.on('welcome', ({ visitorToken, messages: history }) =>
      resolve({
        socket,
        visitorToken,
        history,
        messages,
        send: (message) => socket.emitWithAck('send', message as never),
        upload: (bytes, name, type = '', token = visitorToken) =>
          upload(`${url}/webchat/web/attachments`, { bytes, name, type, token }),
      }),
    );
  });
}

function upload(url: string, file: { bytes: Buffer; name: string; type: string; token: string }) {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name);
  return fetch(url, { method: 'POST', headers: { authorization: `Bearer ${file.token}` }, body: form });
}
