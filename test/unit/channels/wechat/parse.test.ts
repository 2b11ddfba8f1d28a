import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMessage } from '../../../../src/channels/wechat/parse';
import { parseXml } from '../../../../src/channels/wechat/xml';

const folder = join(__dirname, '../../../fixtures/webhooks/wechat');
const fixture = (name: string) => readFileSync(join(folder, `${name}.xml`), 'utf8');
const parse = (name: string) => parseMessage(parseXml(fixture(name)));

const message = (body: object) => ({ kind: 'message', body });
const event = (what: object) => ({ kind: 'event', event: what });
const other = (name: string) => event({ type: 'other', name });

/** Every payload that WeChat sends an official account, and what it means to us. */
const meanings: Record<string, object> = {
  text: message({ type: 'text', text: '这款电饭煲多久发货？ <b>&amp;</b>' }),
  'menu-answer': message({ type: 'choice', id: 'ar_refund', label: '退款多久到账？' }),
  image: message({ type: 'image', mediaId: 'media_image_1', transcript: null }),
  voice: message({ type: 'audio', mediaId: 'media_voice_1', transcript: '我的快递到哪了' }),
  video: message({ type: 'video', mediaId: 'media_video_1', transcript: null }),
  shortvideo: message({ type: 'video', mediaId: 'media_video_2', transcript: null }),
  location: message({ type: 'location', latitude: 23.134521, longitude: 113.358803, title: '广州市天河区' }),
  link: message({
    type: 'link',
    url: 'https://mp.weixin.qq.com/',
    title: '公众平台官网',
    description: '说明',
  }),
  'unknown-type': message({ type: 'unsupported', platformType: 'hologram' }),
  'event-subscribe': event({ type: 'subscribed', source: null }),
  'event-subscribe-by-scan': event({ type: 'subscribed', source: '123123' }),
  'event-unsubscribe': event({ type: 'unsubscribed' }),
  'event-scan': event({ type: 'scanned', key: '4001' }),
  'event-location': event({ type: 'locationReported', latitude: 23.137466, longitude: 113.352425 }),
  'event-click': event({ type: 'menuClicked', key: '我的订单' }),
  'event-view': other('VIEW'),
  'event-view-miniprogram': other('view_miniprogram'),
  'event-scancode-push': other('scancode_push'),
  'event-scancode-waitmsg': event({ type: 'scanned', key: 'ticket-77' }),
  'event-pic-sysphoto': other('pic_sysphoto'),
  'event-location-select': event({ type: 'locationReported', latitude: 23, longitude: 113 }),
  'event-template-delivered': event({ type: 'receipt', externalId: '200163836', delivery: 'delivered' }),
  'event-template-blocked': event({ type: 'receipt', externalId: '200163840', delivery: 'failed' }),
  'event-mass-finished': other('MASSSENDJOBFINISH'),
  'event-kf-close-session': other('kf_close_session'),
  'event-user-info-modified': other('user_info_modified'),
};

test('every fixture has a meaning, and every meaning a fixture', () => {
  const names = readdirSync(folder).map((file) => file.replace('.xml', ''));
  expect(names.sort()).toEqual(Object.keys(meanings).sort());
});

test.each(Object.entries(meanings))('%s', (name, what) => {
  expect(parse(name)).toMatchObject({
    openid: 'oFixture_4bq7cKdEwTz1',
    sentAt: new Date(1_790_000_000_000),
    what,
  });
});

test('a message is told by its MsgId, all twenty digits of it', () => {
  expect(parse('text')?.id).toBe('23456789012345678901');
});

test('an event is told by who, when and which, since it has no MsgId', () => {
  expect(parse('event-click')?.id).toBe('event:oFixture_4bq7cKdEwTz1:1790000000:CLICK:我的订单:');
  expect(parse('event-template-delivered')?.id).not.toBe(parse('event-template-blocked')?.id);
});

test.each([
  ['no sender', '<xml><MsgType>text</MsgType><MsgId>1</MsgId></xml>'],
  ['no type', '<xml><FromUserName>o1</FromUserName><MsgId>1</MsgId></xml>'],
])('a message with %s is refused', (_what, xml) => {
  expect(() => parseMessage(parseXml(xml))).toThrow(/names no sender or no type/);
});

test('a message without an id is no message that could be told from its repeat', () => {
  expect(
    parseMessage(parseXml('<xml><FromUserName>o1</FromUserName><MsgType>text</MsgType></xml>')),
  ).toBeNull();
});

test.each([
  ['an external entity', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><a>&a;</a></xml>'],
  ['a list', '<xml>1</xml><xml>2</xml>'],
  ['text', 'hello'],
  ['nothing', ' '],
])('%s is no envelope', (_what, xml) => {
  expect(() => parseXml(xml)).toThrow();
});
