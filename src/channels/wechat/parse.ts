import type { InboundEvent } from '../../domain/inbound';
import { malformed } from '../host/failures';
import { fieldsOf, textOf, type Fields } from './xml';

/** What an envelope means, before any file is fetched. */
export interface Parsed {
  id: string;
  openid: string;
  sentAt: Date | null;
  what: { kind: 'message'; body: Body } | { kind: 'event'; event: InboundEvent };
}

export type Body =
  | { type: 'text'; text: string }
  | { type: 'choice'; id: string; label: string }
  | { type: 'image' | 'audio' | 'video'; mediaId: string; transcript: string | null }
  | { type: 'location'; latitude: number; longitude: number; title: string }
  | { type: 'link'; url: string; title: string; description: string }
  | { type: 'unsupported'; platformType: string };

/** Null: signed, but of no kind that we know. */
export function parseMessage(fields: Fields): Parsed | null {
  const openid = textOf(fields, 'FromUserName');
  const type = textOf(fields, 'MsgType');
  if (!openid || !type) throw malformed('The message names no sender or no type.');
  const seconds = Number(textOf(fields, 'CreateTime'));
  const sentAt = Number.isFinite(seconds) && seconds > 0 ? new Date(seconds * 1_000) : null;
  if (type === 'event') return parseEvent(fields, openid, sentAt);
  const messageId = textOf(fields, 'MsgId');
  return messageId
    ? { id: messageId, openid, sentAt, what: { kind: 'message', body: bodyOf(fields, type) } }
    : null;
}

function bodyOf(fields: Fields, type: string): Body {
  const text = (name: string) => textOf(fields, name);
  switch (type) {
    case 'text':
      return text('bizmsgmenuid')
        ? { type: 'choice', id: text('bizmsgmenuid'), label: text('Content') }
        : { type: 'text', text: text('Content') };
    case 'image':
      return { type: 'image', mediaId: text('MediaId'), transcript: null };
    case 'voice':
      return { type: 'audio', mediaId: text('MediaId'), transcript: text('Recognition') || null };
    case 'video':
    case 'shortvideo':
      return { type: 'video', mediaId: text('MediaId'), transcript: null };
    case 'location':
      return {
        type: 'location',
        latitude: Number(text('Location_X')),
        longitude: Number(text('Location_Y')),
        title: text('Label'),
      };
    case 'link':
      return { type: 'link', url: text('Url'), title: text('Title'), description: text('Description') };
    default:
      return { type: 'unsupported', platformType: type };
  }
}

/** Events carry no MsgId: who, when and which make one. */
function parseEvent(fields: Fields, openid: string, sentAt: Date | null): Parsed | null {
  const name = textOf(fields, 'Event');
  if (!name) return null;
  const key = textOf(fields, 'EventKey');
  const id = ['event', openid, textOf(fields, 'CreateTime'), name, key, textOf(fields, 'MsgID')].join(':');
  return { id, openid, sentAt, what: { kind: 'event', event: eventOf(fields, name, key) } };
}

function eventOf(fields: Fields, name: string, key: string): InboundEvent {
  switch (name) {
    case 'subscribe':
      return { type: 'subscribed', source: key.replace(/^qrscene_/, '') || null };
    case 'unsubscribe':
      return { type: 'unsubscribed' };
    case 'SCAN':
      return { type: 'scanned', key };
    case 'CLICK':
      return { type: 'menuClicked', key };
    case 'LOCATION':
      return {
        type: 'locationReported',
        latitude: Number(textOf(fields, 'Latitude')),
        longitude: Number(textOf(fields, 'Longitude')),
      };
    case 'scancode_waitmsg':
      return { type: 'scanned', key: textOf(fieldsOf(fields, 'ScanCodeInfo'), 'ScanResult') };
    case 'location_select': {
      const place = fieldsOf(fields, 'SendLocationInfo');
      return {
        type: 'locationReported',
        latitude: Number(textOf(place, 'Location_X')),
        longitude: Number(textOf(place, 'Location_Y')),
      };
    }
    case 'TEMPLATESENDJOBFINISH':
      return {
        type: 'receipt',
        externalId: textOf(fields, 'MsgID'),
        delivery: textOf(fields, 'Status') === 'success' ? 'delivered' : 'failed',
      };
    default:
      return { type: 'other', name };
  }
}
