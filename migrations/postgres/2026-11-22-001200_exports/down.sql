DROP TABLE export_works;
DROP TABLE exports;
