"""Words and numbers of mediation, by part: `people`, `files`, `deeds`, `papers`. The law: 人民调解法 (handbook 1.6)."""
