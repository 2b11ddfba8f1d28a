import { FormData } from 'undici';
import { callPlatform, type PlatformAnswer } from '../host/call-platform';
import { failure } from '../host/failures';
import type { WechatConfiguration } from './definition';
import { isTokenError, wechatFailure } from './errors';
import type { AccessTokens } from './token';

interface ApiAnswer {
  errcode?: number;
  errmsg?: string;
}

/** Calls the API with an access token; one that is refused is renewed once. */
export class WechatApi {
  constructor(private readonly tokens: AccessTokens) {}

  /** @throws a delivery failure with its class. */
  async post(configuration: WechatConfiguration, path: string, json: object): Promise<void> {
    const answer = await this.withToken(configuration, (token) =>
      callPlatform(`${configuration.apiBaseUrl}${path}?access_token=${token}`, {
        json,
        account: configuration.appId,
        secrets: [token, configuration.appSecret],
      }),
    );
    refuseErrors(answer);
  }

  /** Hands a file over for a message. Nothing is sent by it, so whatever fails may be tried again. */
  async upload(
    configuration: WechatConfiguration,
    type: 'image' | 'voice' | 'video',
    file: { name: string; contentType: string; bytes: Buffer },
  ): Promise<string> {
    const path = `/cgi-bin/media/upload?type=${type}`;
    const answer = await this.withToken(configuration, (token) => {
      const form = new FormData();
      form.set('media', new Blob([new Uint8Array(file.bytes)], { type: file.contentType }), file.name);
      return callPlatform(`${configuration.apiBaseUrl}${path}&access_token=${token}`, {
        form,
        account: configuration.appId,
        secrets: [token, configuration.appSecret],
        isRepeatable: true,
      });
    });
    const { media_id } = (answer.json ?? {}) as { media_id?: unknown };
    if (typeof media_id === 'string') return media_id;
    refuseErrors(answer, 'retry');
    throw failure('retry', 'WeChat took the file and gave no media_id.');
  }

  /** A customer's file. Videos answer with an address instead of bytes. */
  async media(
    configuration: WechatConfiguration,
    mediaId: string,
  ): Promise<{ bytes: Buffer } | { url: string }> {
    const path = `/cgi-bin/media/get?media_id=${encodeURIComponent(mediaId)}`;
    const answer = await this.withToken(configuration, (token) =>
      callPlatform(`${configuration.apiBaseUrl}${path}&access_token=${token}`, {
        method: 'GET',
        account: configuration.appId,
        secrets: [token],
        isRepeatable: true,
      }),
    );
    const { errcode, errmsg = '', video_url } = (answer.json ?? {}) as ApiAnswer & { video_url?: string };
    if (errcode) throw wechatFailure(errcode, errmsg);
    if (answer.status !== 200) throw failure('retry', `WeChat: ${answer.status}`);
    return typeof video_url === 'string' ? { url: video_url } : { bytes: answer.bytes };
  }

  private async withToken(
    configuration: WechatConfiguration,
    call: (token: string) => Promise<PlatformAnswer>,
  ) {
    const token = await this.tokens.get(configuration);
    const first = await call(token);
    const { errcode } = (first.json ?? {}) as ApiAnswer;
    if (typeof errcode !== 'number' || !isTokenError(errcode)) return first;
    return call(await this.tokens.renew(configuration, token));
  }
}

/**
 * A gateway that gave up says nothing of the interface behind it, which may have taken the message: only an `errcode` is
 * an answer.
 */
function refuseErrors(answer: PlatformAnswer, withoutAnswer: 'retry' | 'unknown' = 'unknown'): void {
  const { errcode, errmsg = '' } = (answer.json ?? {}) as ApiAnswer;
  if (answer.status === 429)
    throw failure('retry', 'WeChat: 429', { platformCode: '429', retryAfterMs: 1_000 });
  if (errcode === undefined)
    throw failure(withoutAnswer, `WeChat answered ${answer.status} with something that is no answer.`, {
      platformCode: String(answer.status),
    });
  if (errcode !== 0) throw wechatFailure(errcode, errmsg);
}
