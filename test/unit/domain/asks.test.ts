import { asksForPerson, complains, greets, optsOut, smallTalk } from '../../../src/domain/asks';
import { normalise } from '../../../src/platform/text/normalise';

test.each([
  '人工', '转人工', '轉人工', '人工客服', '我要找人工', '真人', '真人客服', '找客服', '客服', '转接客服', '叫你们的客服',
  'agent', 'human', 'Agent!', 'a real person please', 'I want to talk to a human', 'speak to someone', 'connect me to an agent',
  'get me a person', 'live agent', 'representative', 'customer service agent',
])('%s asks for a person', (text) => {
  expect(asksForPerson(normalise(text))).toBe(true);
}); // prettier-ignore

test.each([
  '人工智能是什么', '不用人工', '不需要转人工', '人工客服几点上班', '客服几点下班', 'my travel agent booked it', '你是真人吗',
  'are you a real person?', "I don't want an agent", 'what is your return policy',
])('%s does not', (text) => {
  expect(asksForPerson(normalise(text))).toBe(false);
}); // prettier-ignore

test.each(['投诉', '我要投訴你們', '12315', '骗子', 'this is a scam', 'my lawyer', 'fraud'])(
  '%s complains',
  (text) => {
    expect(complains(normalise(text))).toBe(true);
  },
);

test.each(['STOP', 'stop.', 'TD', 'td', 'T', '退订', '退訂', 'unsubscribe'])('%s ends promotions', (text) => {
  expect(optsOut(normalise(text))).toBe(true);
});
test.each(['stop my order', '怎么退订会员', 'TDK speakers'])('%s does not', (text) => {
  expect(optsOut(normalise(text))).toBe(false);
});

test.each(['在吗', '在嗎？', '你好', '您好，在吗', 'Hello!', 'hi there', '你好呀～', 'good morning'])(
  '%s only greets',
  (text) => {
    expect(greets(normalise(text))).toBe(true);
  },
);
test.each(['你好，多久发货', 'hi, where is my parcel', '？？', '在哪里退货'])(
  '%s is no mere greeting',
  (text) => {
    expect(greets(normalise(text))).toBe(false);
  },
);

test.each([
  ['谢谢', 'thanks'], ['好的，謝謝你', 'thanks'], ['thanks a lot!', 'thanks'], ['ok thank you', 'thanks'], ['嗯嗯', 'thanks'],
  ['收到', 'thanks'], ['bye', 'thanks'], ['谢谢🙏', 'thanks'], ['😭😭', 'wordless'], ['？', 'wordless'], ['...', 'wordless'],
  ['你是机器人吗', 'identity'], ['你是真人嗎', 'identity'], ['Are you a bot?', 'identity'],
  ['谢谢，那什么时候发货', null], ['thanks, and the invoice?', null], ['2', null], ['好评有什么用', null],
])('%s is small talk: %s', (text, about) => {
  expect(smallTalk(normalise(text))).toBe(about);
}); // prettier-ignore

test('a text that only looks like chatter takes no time to see through', () => {
  expect(smallTalk(`${'嗯'.repeat(2_000)}x`)).toBeNull();
  expect(greets(`${'你好，'.repeat(1_000)}x`)).toBe(false);
});
