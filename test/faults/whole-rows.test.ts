import { defineModels } from '../../src/models';
import { inboundOf } from '../support/path-node';
import { openPathBench } from '../support/path-bench';
import { closeStore } from '../support/store';

let bench: Awaited<ReturnType<typeof openPathBench>>;
beforeAll(async () => (bench = await openPathBench()));
afterAll(async () => {
  await bench.close();
  await closeStore();
});

test('what messages leave behind, written past mongoose, has every field of its schema and no other', () =>
  bench.scene(async ({ node, deliver, drained, witness }) => {
    const server = await node('a');
    for (const [place, text] of ['hello', 'a person please', 'are you there'].entries())
      await deliver(server, inboundOf('ann', place, text));
    await drained();
    defineModels(witness);
    const seen = new Set<string>();
    for (const model of Object.values(witness.models))
      for (const row of await model.collection.find().toArray()) {
        seen.add(model.modelName);
        const hydrated = new model(row);
        await hydrated.validate();
        expect([model.modelName, ...Object.keys(row).sort()]).toEqual([
          model.modelName,
          ...Object.keys(hydrated.toObject()).sort(),
        ]);
      }
    const written = ['Contact', 'Conversation', 'Event', 'Identity', 'Inbox', 'Message', 'Outbox', 'Thread'];
    expect([...seen]).toEqual(expect.arrayContaining(written));
  }), 60_000); // prettier-ignore
