import type { Customer } from '../state/types';

interface Phrases {
  /** The first is the tour's question. */
  questions: string[];
  wishForAPerson: string;
  /** What the platform understood of a voice message. */
  spoken: string;
}

/** What a customer says at the press of a button, in the customer's language, not the reader's. */
export const customerPhrases: Record<Customer['language'], Phrases> = {
  'zh-CN': {
    questions: ['退款多久到账？', '我的快递到哪了？', '怎么开发票？'],
    wishForAPerson: '转人工',
    spoken: '我想问一下退款',
  },
  'zh-TW': {
    questions: ['退款多久到帳？', '我的包裹到哪了？', '怎麼開發票？'],
    wishForAPerson: '轉人工',
    spoken: '我想問一下退款',
  },
  en: {
    questions: ['How long does a refund take?', 'Where is my parcel?', 'How do I get an invoice?'],
    wishForAPerson: 'I want to talk to a human',
    spoken: 'I have a question about my refund',
  },
};
