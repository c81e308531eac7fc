/** Types of browser.mjs, whose own comments say what each does. */
export function findBrowser(): string | undefined;
export function ensureBrowser(): Promise<{ path: string; missing?: undefined } | { missing: string; path?: undefined }>;
export function aptInstall(packages: readonly string[]): Promise<boolean>;
