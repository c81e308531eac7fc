/** Set by scripts/build.mjs from package.json. */
declare const POD_ROLES_VERSION: string | undefined;

/** The version of extension, server and command line: one package. `0.0.0` when run from source. */
export const version: string = typeof POD_ROLES_VERSION === 'string' ? POD_ROLES_VERSION : '0.0.0';
