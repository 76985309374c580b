"""The Cell-Death Target Atlas: from PubMed records to target tables, figures and reports.

Layers, each importing only what stands above it (`tests/test_architecture.py` holds the map):

    errors, schemas, storage     exceptions; the columns of every table; folders, reading, writing
    fetch                        the only network code: Entrez and optional services
    records                      raw bytes -> articles
    annotate                     articles -> mentions -> evidence
    tabulate                     evidence -> tables of counts, association, trends, journals
    present                      tables -> figures, HTML, xlsx
    run                          notebooks through papermill, batches, clusters
    __main__                     the `atlas` command
"""
