/** The laws that there is a profile for (src/protocol/profiles.ts). */
export const profileIds = ['gdpr', 'hipaa', 'ccpa'] as const;
export type ProfileId = (typeof profileIds)[number];
