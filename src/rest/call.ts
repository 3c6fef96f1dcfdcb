import type { RequestContext } from '../http/context.js';
import type { Body } from './body.js';

/** A call of the REST API, as its handlers know it. */
export type Call = {
  context: RequestContext;
  /** What the path has in the place of `:id`; empty where there is none. */
  id: string;
};

export type BodyCall = Call & { body: Body };
