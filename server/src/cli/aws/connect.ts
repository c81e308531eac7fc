import { AwsError } from '../../aws/gateway';
import { connectAws, type Connection } from '../../aws/load';
import { Failure } from '../failure';
import type { AwsOptions } from './options';

/** A way to AWS by the options; ends with the process's interrupt. */
export async function connect(options: Pick<AwsOptions, 'profile' | 'region'>): Promise<Connection> {
  return asFailure(connectAws({ profile: options.profile, region: options.region?.[0] }));
}

/** The outcome of a call to AWS; what AWS refuses is a {@link Failure} that says what to do next. */
export async function asFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw AwsError.is(error) ? new Failure(`${error.message} ${error.next}`) : error;
  }
}
