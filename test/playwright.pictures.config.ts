import { defineConfig } from '@playwright/test';
import tests from './playwright.config.js';

/** The pictures of the documents are taken by the same harness as the stories, from the same demo site. */
export default defineConfig(tests, { testMatch: '**/*.pictures.ts', timeout: 900_000, reporter: 'list' });
