import { createHash } from 'node:crypto';
import type { MediaStore } from '../media/media-store';
import type { WechatAccount } from '../options';
import { type Act, UnknownAct } from '../phones/act';
import type { Customer, ReplyGrant } from '../phones/customer';
import type { NewPhoneMessage } from '../phones/phone-message';
import { toXml } from './xml';

export interface WechatAct {
  xml: string;
  shown: NewPhoneMessage;
  /** Which reply window it opens. */
  opens: ReplyGrant['cause'] | null;
  /** Does the customer follow the account afterwards? Absent: as before. */
  follows?: boolean;
}

interface Circumstances {
  account: WechatAccount;
  customer: Customer;
  media: MediaStore;
  /** Where the double's API is, for picture links. */
  baseUrl: string;
  now: Date;
  number: number;
}

type Fields = Parameters<typeof toXml>[0];

/** WeChat's XML of what a customer did. */
export function wechatAct(act: Act, circumstances: Circumstances): WechatAct {
  const { customer, number } = circumstances;
  // Beyond 2⁵³, as today's ids are: a server that reads them as numbers loses messages.
  const msgId = String(7_000_000_000_000_000_000n + BigInt(number));
  const shown = { platformId: msgId, from: 'customer', delivery: 'sending' } as const;
  const message = (
    fields: Fields,
    draw: Pick<NewPhoneMessage, 'kind' | 'text' | 'mediaId' | 'url'>,
  ): WechatAct => ({
    xml: toXml({ ...envelope(circumstances), ...fields, MsgId: msgId }),
    shown: { ...shown, ...draw },
    opens: 'message',
  });
  const event = (fields: Fields, text: string, rest: Pick<WechatAct, 'opens' | 'follows'>): WechatAct => ({
    xml: toXml({ ...envelope(circumstances), MsgType: 'event', ...fields }),
    shown: { ...shown, kind: 'event', text },
    ...rest,
  });

  switch (act.kind) {
    case 'text':
      return message({ MsgType: 'text', Content: act.text }, { kind: 'text', text: act.text });
    case 'image': {
      const mediaId = circumstances.media.image(act.data);
      const fields = {
        MsgType: 'image',
        PicUrl: `${circumstances.baseUrl}/pictures/${mediaId}`,
        MediaId: mediaId,
      };
      return message(fields, { kind: 'image', text: '', mediaId });
    }
    case 'voice': {
      const mediaId = circumstances.media.amrVoice();
      const text = act.transcript ?? '';
      const fields = {
        MsgType: 'voice',
        MediaId: mediaId,
        Format: 'amr',
        MediaId16K: mediaId,
        Recognition: text,
      };
      return message(fields, { kind: 'voice', text, mediaId });
    }
    case 'location': {
      const place = { Location_X: String(act.latitude), Location_Y: String(act.longitude), Scale: 16 };
      return message(
        { MsgType: 'location', ...place, Label: act.label },
        { kind: 'location', text: act.label },
      );
    }
    case 'link': {
      const fields = { MsgType: 'link', Title: act.title, Description: act.description, Url: act.url };
      return message(fields, { kind: 'link', text: act.title, url: act.url });
    }
    case 'press': {
      const label = buttonLabel(customer, act.data);
      const pressed = message(
        { MsgType: 'text', Content: label, bizmsgmenuid: act.data },
        { kind: 'text', text: label },
      );
      return { ...pressed, opens: 'click' };
    }
    case 'menu':
      return event({ Event: 'CLICK', EventKey: act.key }, act.key, { opens: 'click' });
    case 'scan':
      return event({ Event: 'SCAN', EventKey: act.scene, Ticket: `gQ${number}` }, act.scene, {
        opens: 'click',
      });
    case 'subscribe':
      return event({ Event: 'subscribe', EventKey: '' }, 'subscribe', { opens: 'click', follows: true });
    case 'unsubscribe':
      return event({ Event: 'unsubscribe', EventKey: '' }, 'unsubscribe', { opens: null, follows: false });
    default:
      throw new UnknownAct(act.kind, 'wechat');
  }
}

function envelope({ account, customer, now }: Circumstances): Fields {
  return {
    ToUserName: originalId(account),
    FromUserName: customer.platformId,
    CreateTime: Math.floor(now.getTime() / 1_000),
  };
}

/** `gh_…`, the account's own name towards itself. */
export function originalId(account: WechatAccount): string {
  return `gh_${createHash('sha1').update(account.configuration.appId).digest('hex').slice(0, 12)}`;
}

function buttonLabel(customer: Customer, data: string): string {
  const buttons = customer.messages.flatMap((message) => message.buttons ?? []);
  return buttons.findLast((button) => button.data === data)?.label ?? data;
}
