export { createTestDatabase, startTestPostgres, type TestDatabase, type TestPostgres } from '@sallyport/server';
