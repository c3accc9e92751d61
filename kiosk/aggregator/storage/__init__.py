"""What the aggregator keeps: a file of tables for each subject, `database` to use them, `migrate` to bring them up to date."""
