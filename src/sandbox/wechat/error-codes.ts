import { type ApiAnswer, jsonAnswer } from '../http/api-call';

/** Global return codes of the official account platform. */
const messages = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size',
  40013: 'invalid appid',
  40033: 'invalid charset. please check your request, if include \\uxxxx will create fail!',
  40066: 'invalid url',
  40125: 'invalid appsecret',
  41001: 'access_token missing',
  42001: 'access_token expired',
  43002: 'require POST method',
  43004: 'require subscribe',
  44002: 'empty post data',
  44004: 'empty content',
  45002: 'content size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, mustslower, retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  47001: 'data format error',
} as const;
export type WechatErrorCode = keyof typeof messages;

/** WeChat answers 200 whatever happens; the code is in the body. */
export function wechatError(code: WechatErrorCode, status = 200): ApiAnswer {
  const errmsg = `${messages[code]} rid: 00000000-00000000-00000000`;
  return jsonAnswer(status, { errcode: code, errmsg }, `${code} ${messages[code]}`);
}
