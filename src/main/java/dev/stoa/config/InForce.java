package dev.stoa.config;

/**
 * The configuration in force, from whatever files it was made; immutable.
 *
 * @param tree all layers merged
 * @param judged the newest files: those in force, or others that do not count
 */
record InForce<T>(T value, FileSet files, Node.Mapping tree, FileSet judged, ConfigStatus status) {

  /** The same configuration in the face of other files. */
  InForce<T> with(FileSet newest, ConfigStatus now) {
    return new InForce<>(value, files, tree, newest, now);
  }
}
