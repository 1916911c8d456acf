"""Bytes in any claimed format to the canonical request or report, or to every problem at once; decides nothing."""
