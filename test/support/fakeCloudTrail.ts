import type { FakeAnswer } from './fakePodIdentity';

/** One call of LookupEvents. */
export interface Lookup {
  readonly region: string;
  readonly eventName: string;
  readonly token: string | undefined;
  /** Seconds since 1970. */
  readonly start: number;
  readonly end: number;
}

/** CloudTrail's LookupEvents, by region, as the SDK's model of `CloudTrail_20131101` has it. */
export class FakeCloudTrail {
  readonly lookups: Lookup[] = [];
  /** How many events a page has. */
  pageSize = 50;
  private readonly events = new Map<string, string[]>();

  /** Adds events (JSON) of a region, the newest last. */
  add(region: string, ...events: readonly string[]): void {
    this.events.set(region, [...(this.events.get(region) ?? []), ...events]);
  }

  reset(): void {
    this.lookups.length = 0;
    this.events.clear();
    this.pageSize = 50;
  }

  answer(action: string, body: string, region: string): FakeAnswer | undefined {
    if (action !== 'cloudtrail:LookupEvents') return undefined;
    const { LookupAttributes, NextToken, StartTime, EndTime } = JSON.parse(body) as {
      readonly LookupAttributes: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
      readonly NextToken?: string;
      readonly StartTime: number;
      readonly EndTime: number;
    };
    const eventName = LookupAttributes.find(({ AttributeKey }) => AttributeKey === 'EventName')!.AttributeValue;
    this.lookups.push({ region, eventName, token: NextToken, start: StartTime, end: EndTime });
    const all = (this.events.get(region) ?? []).filter((each) => nameOf(each) === eventName).reverse();
    const from = Number(NextToken ?? 0);
    const to = from + this.pageSize;
    const page = all.slice(from, to).map((event) => ({
      EventId: '99999999-2222-4333-8444-555555555555',
      EventName: eventName,
      Username: 'x',
      CloudTrailEvent: event,
    }));
    return {
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify({ Events: page, ...(to < all.length ? { NextToken: String(to) } : {}) }),
    };
  }
}

/** An event that is no JSON is found under every name. */
function nameOf(event: string): string {
  try {
    return (JSON.parse(event) as { readonly eventName: string }).eventName;
  } catch {
    return 'AssumeRoleWithWebIdentity';
  }
}
