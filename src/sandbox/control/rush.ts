import { setTimeout as pause } from 'node:timers/promises';
import type { Customer } from '../phones/customer';
import type { SandboxParts } from '../sandbox';
import type { RushSize } from './bodies';

const surnames = [...'王李张刘陈杨赵黄周吴徐孙'];
const givenNames = ['子涵', '欣怡', '浩然', '雨桐', '俊杰', '梦琪', '志强', '佳慧', '宇轩', '静怡'];
const englishNames = ['Olivia', 'Noah', 'Ava', 'Liam', 'Mia', 'Lucas', 'Zoe', 'Ethan', 'Ruby', 'Leo'];
const questions = {
  'zh-CN': [
    '我的订单三天了还没发货，什么时候能发？',
    '退款一般几天到账？',
    '发票抬头写错了可以重开吗',
    '七天无理由退货运费谁出？',
    '你们有没有满减活动',
    '收到的耳机有一边没声音',
    '可以改收货地址吗？',
    '会员积分怎么用',
  ],
  en: [
    'Where is my parcel?',
    'How long does a refund take?',
    'Can I change the delivery address?',
    'Do you ship to Hong Kong?',
    'The headphones arrived broken.',
    'How do I get an invoice?',
  ],
};
const wishesForAPerson = { 'zh-CN': '转人工', en: 'I want to talk to a human' };

/** How often somebody of a rush is not content with the bot. */
const EVERY_NTH_WANTS_A_PERSON = 4;

export class RushUnderWay extends Error {
  constructor() {
    super('A rush is under way already.');
  }
}

interface When {
  delayMs: number;
  signal: AbortSignal;
}

/** Many new customers write within a short time; every fourth asks for a person. */
export class Rush {
  private underWay: AbortController | null = null;

  constructor(private readonly parts: SandboxParts) {}

  /** Returns at once; `finished` resolves when the last one has written. */
  start({ customers, seconds }: RushSize): { customers: number; finished: Promise<void> } {
    if (this.underWay) throw new RushUnderWay();
    const accounts = this.parts.accounts.filter((account) => account.type !== 'webchat');
    if (accounts.length === 0) return { customers: 0, finished: Promise.resolve() };
    const underWay = new AbortController();
    this.underWay = underWay;
    const wave = this.parts.phones.nextNumber();
    const crowd = Array.from({ length: customers }, (_, index) => {
      const account = accounts[index % accounts.length]!;
      const language = account.type === 'wechat' ? 'zh-CN' : 'en';
      const customer = this.parts.phones.meet(account, nameOf(index, wave, language), language);
      return this.write(customer, language, index, {
        delayMs: (index / customers) * seconds * 1_000,
        signal: AbortSignal.any([underWay.signal, this.parts.closing.signal]),
      });
    });
    const finished = Promise.all(crowd).then(() => {
      if (this.underWay === underWay) this.underWay = null;
    });
    return { customers, finished };
  }

  /** Who has not written yet stays away. */
  stop(): void {
    this.underWay?.abort();
    this.underWay = null;
  }

  private async write(customer: Customer, language: 'zh-CN' | 'en', index: number, when: When) {
    const { hands } = this.parts;
    await pause(when.delayMs, undefined, { signal: when.signal }).catch(() => undefined);
    if (when.signal.aborted) return;
    const text = questions[language][index % questions[language].length]!;
    await hands.perform(customer, { kind: 'text', text });
    if (when.signal.aborted) return;
    if (index % EVERY_NTH_WANTS_A_PERSON === EVERY_NTH_WANTS_A_PERSON - 1)
      await hands.perform(customer, { kind: 'text', text: wishesForAPerson[language] });
  }
}

/** Distinct within a wave; the wave's number keeps most customers of two rushes apart. */
function nameOf(index: number, wave: number, language: 'zh-CN' | 'en'): string {
  const turn = index + wave * 7;
  if (language === 'en')
    return `${englishNames[turn % englishNames.length]} ${String.fromCharCode(65 + (turn % 26))}.`;
  return `${surnames[turn % surnames.length]}${givenNames[Math.floor(turn / surnames.length) % givenNames.length]}`;
}
