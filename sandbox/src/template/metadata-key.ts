/** `Metadata` key by which an integration marks its resources (the construct's `names.ts` has the same). */
export const METADATA_KEY = 'cdk-marketplace-saas';
