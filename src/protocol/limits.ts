/** Every bound and every lifetime. Each is an export of its own, so that a page ships those alone that it asks for. */
export * as lifetimes from './limits/lifetimes.ts';
export * as limits from './limits/sizes.ts';
