/** What the worker of this bench is asked to do, and what it counts. */

/** Conversations that are filled past every door, but by their own code. */
export interface Filling {
  readonly site: string;
  readonly team: string;
  /** Whoever says the first of each, in turn. */
  readonly visitors: readonly string[];
  readonly agent: Agent;
  readonly conversations: number;
  /** In each. The agent claims it, says every other one, and closes it. */
  readonly messages: number;
}
export interface Agent {
  readonly id: string;
  readonly session: string;
}
export interface Filled {
  readonly id: string;
  readonly visitor: string;
  readonly messages: number;
}

/** What is said in them later, by their customers, once the agent has opened them again. */
export interface More {
  readonly site: string;
  readonly team: string;
  readonly agent: Agent;
  readonly filled: readonly Filled[];
  /** In each. */
  readonly messages: number;
}

/** One step of the Workflow. */
export interface Counted {
  /** Which instance of it took the step. */
  readonly instance: string;
  readonly name: string;
  readonly ms: number;
  /** Statements, of which one call of the database can take many. */
  readonly queries: number;
  /** Calls of the database, of buckets, of objects and of Workflows. */
  readonly requests: number;
}

/** A conversation as everybody on staff reads it, opened. */
export interface Held {
  readonly id: string;
  readonly messages: number;
  /** SHA-256 over what is known of it and over all of its messages, in their order, with their times and texts. */
  readonly digest: string;
}
export type Whose = Pick<Filled, 'id' | 'visitor'>;
