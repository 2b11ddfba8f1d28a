import type { LlmConfig } from '../config';
import type { Logger } from '../log';

/** An optional helper with words: it may phrase an answer that was found, or summarise. It decides nothing. */
export interface LanguageModel {
  /** Null: use the answer as it stands. */
  phrase(of: { question: string; answer: string; language: string }): Promise<string | null>;
  summarise(transcript: string, language: string): Promise<string | null>;
}

/** The part of a LangChain chat model that we use. */
export interface ChatModel {
  invoke(
    messages: [role: string, text: string][],
    options: { signal: AbortSignal },
  ): Promise<{ content: unknown }>;
}

/** No model: the default. */
export const noModel: LanguageModel = {
  phrase: () => Promise.resolve(null),
  summarise: () => Promise.resolve(null),
};

const longestAnswer = 2_000;

/** A LangChain chat model behind the same two wishes. Late, failing or empty counts as no answer. */
export function languageModel(chat: ChatModel, log: Logger, timeoutMs = 4_000): LanguageModel {
  const ask = async (instruction: string, text: string): Promise<string | null> => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await chat.invoke(
        [
          ['system', instruction],
          ['human', text],
        ],
        { signal },
      );
      const said = typeof answer.content === 'string' ? answer.content.trim() : '';
      return said && said.length <= longestAnswer ? said : null;
    } catch (error) {
      log.warn({ reason: (error as Error).name }, 'llm: going on without it');
      return null;
    }
  };
  return {
    phrase: ({ question, answer, language }) =>
      ask(
        `Rewrite the ANSWER for a customer in ${language}. Use only facts of the ANSWER, add nothing, keep numbers, be brief.`,
        `QUESTION: ${question}\nANSWER: ${answer}`,
      ),
    summarise: (transcript, language) =>
      ask(
        `Summarise this for a support agent in one sentence in ${language}. Use only what is there.`,
        transcript,
      ),
  };
}

/** Loads the provider's package only when one is configured. */
export async function openModel(config: LlmConfig | null, log: Logger): Promise<LanguageModel> {
  if (!config) return noModel;
  return languageModel(await chatModel(config), log);
}

async function chatModel({ provider, model, baseUrl, apiKey }: LlmConfig): Promise<ChatModel> {
  switch (provider) {
    case 'openai': {
      const { ChatOpenAI } = await import('@langchain/openai');
      return new ChatOpenAI({
        model,
        apiKey: apiKey ?? 'none',
        maxRetries: 0,
        ...(baseUrl && { configuration: { baseURL: baseUrl } }),
      });
    }
    case 'anthropic': {
      const { ChatAnthropic } = await import('@langchain/anthropic');
      return new ChatAnthropic({
        model,
        apiKey,
        maxRetries: 0,
        ...(baseUrl && { anthropicApiUrl: baseUrl }),
      });
    }
    case 'ollama': {
      const { ChatOllama } = await import('@langchain/ollama');
      return new ChatOllama({ model, maxRetries: 0, ...(baseUrl && { baseUrl }) });
    }
  }
}
