/*
 * Limits of BatchMeterUsage: docs/marketplace-facts.md#f-6-1. The construct library and its handlers have copies: the packages share
 * no code.
 */
export const MAX_RECORDS = 25;
export const MAX_QUANTITY = 2_147_483_647;
export const MAX_ALLOCATIONS = 2_500;
export const MAX_TAGS = 5;
