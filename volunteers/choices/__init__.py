"""Words and numbers of volunteering (handbook 1.7; 志愿服务条例 2017; 志愿服务记录与证明出具办法 2021)."""
