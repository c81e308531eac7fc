import { CloudTrailClient, LookupEventsCommand, type Event } from '@aws-sdk/client-cloudtrail';
import { setTimeout as wait } from 'node:timers/promises';
import type { SdkAccess } from './connection';

/** LookupEvents allows 2 calls a second for an account and a region. Source: CloudTrail's quotas. */
export const callPause = 500;
const pageSize = 50;

/** One list of events, newest first: those of a name, in a region. */
export interface EventStream {
  readonly region: string;
  readonly eventName: string;
  next?: string | undefined;
  done: boolean;
}

/** How pages are asked for. */
export interface Paging {
  readonly since: Date;
  readonly until: Date;
  /** Milliseconds between two calls. */
  readonly pause: number;
  readonly signal?: AbortSignal | undefined;
}

/** Asks for pages of LookupEvents, never faster than its quota. */
export class EventPages {
  /** Calls that were made. */
  calls = 0;
  private readonly clients = new Map<string, CloudTrailClient>();

  constructor(
    private readonly sdk: SdkAccess,
    private readonly paging: Paging,
  ) {}

  /**
   * The next page of a stream, which it moves on.
   * @throws AwsError what AWS refuses; the signal's reason where it is aborted.
   */
  async next(stream: EventStream): Promise<readonly Event[]> {
    const { since, until, pause, signal } = this.paging;
    if (this.calls++ > 0) await wait(pause, undefined, signal ? { signal } : {});
    const { region, eventName } = stream;
    const { Events = [], NextToken } = await this.sdk.call(
      { action: 'cloudtrail:LookupEvents', region },
      (options) =>
        this.client(region).send(
          new LookupEventsCommand({
            LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: eventName }],
            StartTime: since,
            EndTime: until,
            MaxResults: pageSize,
            ...(stream.next === undefined ? {} : { NextToken: stream.next }),
          }),
          options,
        ),
      signal,
    );
    // A token that doesn't move would be asked for again and again.
    stream.done = !NextToken || NextToken === stream.next;
    stream.next = NextToken;
    return Events;
  }

  private client(region: string): CloudTrailClient {
    const client = this.clients.get(region) ?? new CloudTrailClient(this.sdk.configOf(region));
    this.clients.set(region, client);
    return client;
  }
}
