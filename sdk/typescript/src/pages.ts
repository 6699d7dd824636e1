/** A part of a list, and where the next begins. */
export interface Page<T> {
  data: T[];
  has_more: boolean;
  next_cursor: string | null;
}

/** What a page has. */
export type Item<P> = P extends Page<infer T> ? T : never;

/**
 * A list, which is asked for when it is awaited or iterated: `await` gives the first page, and `for await` all items of all pages.
 */
export class PagePromise<P extends Page<unknown>> implements PromiseLike<P>, AsyncIterable<Item<P>> {
  readonly #get: (cursor?: string) => Promise<P>;

  constructor(get: (cursor?: string) => Promise<P>) {
    this.#get = get;
  }

  then<A = P, B = never>(done?: ((page: P) => A | PromiseLike<A>) | null, failed?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    return this.#get().then(done, failed);
  }

  /** Each page, from the first. */
  async *pages(): AsyncGenerator<P, void, undefined> {
    let cursor: string | undefined;
    do {
      const page: P = await this.#get(cursor);
      yield page;
      cursor = page.has_more ? (page.next_cursor ?? undefined) : undefined;
    } while (cursor !== undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item<P>, void, undefined> {
    for await (const page of this.pages()) yield* page.data as Item<P>[];
  }
}
